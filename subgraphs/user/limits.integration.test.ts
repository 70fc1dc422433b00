import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../tests/until.ts';
import type { RelayWorker } from '../worker.ts';
import { mailsIn } from './mail-reading.builder.ts';
import { aUserSubgraph, PASSWORD, type Json, type UserSubgraphUnderTest } from './user-subgraph.builder.ts';
import { startUserWorker } from './user-worker.ts';

/** As they are for people: each test is at an address of its own. */
describe('limits', () => {
  let user: UserSubgraphUnderTest;
  let worker: RelayWorker;
  beforeAll(async () => {
    user = await aUserSubgraph({ RATE_LIMIT_SCALE: '1' });
    worker = await startUserWorker(user.env);
  });
  afterAll(async () => {
    await worker.stop();
    await user.stop();
  });

  const kindsOf = (payload: Json) => (payload['errors'] as Json[]).map((error) => error['__typename']);
  const outcome = async (login: string, password: string, address: string) =>
    kindsOf(await user.signIn(login, password, address)).join() || 'in';
  const guess = async (login: string, address: string, times: number) => {
    const outcomes: string[] = [];
    for (let n = 0; n < times; n++) outcomes.push(await outcome(login, `wrong ${n}`, address));
    return outcomes;
  };
  const count = (outcomes: string[], what: string) => outcomes.filter((each) => each === what).length;

  it('stop who guesses at an account from one address, and nobody else', async () => {
    await user.aViewer('Ada');
    const outcomes = await guess('ada', '198.51.100.1', 12);
    expect([count(outcomes, 'WrongCredentialsError'), count(outcomes, 'RateLimitedError')]).toEqual([10, 2]);
    expect(await outcome('ada', PASSWORD, '198.51.100.1')).toBe('RateLimitedError');
    expect(await outcome('ada', PASSWORD, '198.51.100.2')).toBe('in');
    const { errors } = await user.signIn('ada', PASSWORD, '198.51.100.1');
    expect(errors).toMatchObject([{ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) }]);
  });

  it('count each alias of one request, also when they run at once in many', async () => {
    await user.aViewer('Bea');
    const alias = (n: number) =>
      `a${n}: signIn(input: { login: "bea", password: "guess ${n}" }) { errors { __typename } }`;
    const many = (from: number) =>
      `mutation { ${Array.from({ length: 10 }, (_, n) => alias(from + n)).join(' ')} }`;
    const answers = await Promise.all(
      [0, 10, 20].map((from) => user.ask(many(from), {}, null, '198.51.100.3')),
    );
    const kinds = answers.flatMap(({ data }) => Object.values(data ?? {}).flatMap(kindsOf));
    expect(count(kinds as string[], 'WrongCredentialsError')).toBe(10);
    expect(count(kinds as string[], 'RateLimitedError')).toBe(20);
  });

  it('answer the same for an account that does not exist', async () => {
    await user.aViewer('Cleo');
    expect(await guess('cleo', '198.51.100.4', 12)).toEqual(await guess('nobody_here', '198.51.100.5', 12));
    expect(await guess('cleo@example.org', '198.51.100.6', 12)).toEqual(
      await guess('nobody@example.org', '198.51.100.7', 12),
    );
  });

  it('do not count passwords that are right', async () => {
    await user.aViewer('Dora');
    for (let n = 0; n < 15; n++) expect(await outcome('dora', PASSWORD, '198.51.100.8')).toBe('in');
  });

  it('count a network of IPv6 as one address', async () => {
    await user.aViewer('Elsa');
    const outcomes: string[] = [];
    for (let n = 0; n < 12; n++) outcomes.push(await outcome('elsa', `wrong ${n}`, `2001:db8:1:2::${n}`));
    expect(count(outcomes, 'WrongCredentialsError')).toBe(10);
    expect(await outcome('elsa', PASSWORD, '2001:db8:1:3::1')).toBe('in');
  });

  it('count a site of IPv6 as ten addresses, so that who has thousands of networks does not have thousands of tries', async () => {
    const kinds: unknown[] = [];
    for (let n = 0; n < 302; n++) {
      const input = { login: `somebody_${n}` };
      const address = `2001:db8:2:${n.toString(16)}::1`;
      kinds.push(
        ...kindsOf(await user.change('requestPasswordReset', input, 'linkLifetimeMinutes', null, address)),
      );
    }
    expect(kinds).toEqual(['RateLimitedError', 'RateLimitedError']);
  });

  it('stop who guesses at many accounts from one address', async () => {
    const outcomes: string[] = [];
    for (let n = 0; n < 102; n++) outcomes.push(await outcome(`somebody_${n}`, 'wrong', '198.51.100.9'));
    expect(count(outcomes, 'RateLimitedError')).toBe(2);
  });

  it('stop who guesses at an account from many addresses, and never lock out where it is signed in', async () => {
    await user.aViewer('Fay');
    const outcomes: string[] = [];
    for (let n = 0; n < 204; n++) outcomes.push(await outcome('fay', 'wrong', `203.0.113.${n}`));
    expect(count(outcomes, 'RateLimitedError')).toBe(4);
    expect(await outcome('fay', PASSWORD, '203.0.113.250')).toBe('RateLimitedError');
    // Where it signed up.
    expect(await outcome('fay', PASSWORD, '192.0.2.1')).toBe('in');
  });

  it('stop who tries passwords in somebody else’s session', async () => {
    const viewer = await user.aViewer('Gail');
    const kinds: unknown[] = [];
    for (let n = 0; n < 12; n++) {
      const [field, fields] =
        n % 2 === 0 ? ['deactivateAccount', 'deactivatedUserId'] : ['deleteAccount', 'deletedUserId'];
      const input = { password: `wrong ${n}`, ...(n % 2 === 1 && { confirmUsername: 'gail' }) };
      kinds.push(...kindsOf(await user.change(field ?? '', input, fields ?? '', viewer, '198.51.100.10')));
    }
    expect(kinds.filter((kind) => kind === 'RateLimitedError')).toHaveLength(2);
  });

  it('stop who opens many accounts from one address', async () => {
    const kinds: unknown[] = [];
    for (let n = 0; n < 32; n++) {
      const input = { username: `robot_${n}`, email: `robot${n}@example.org`, password: PASSWORD };
      kinds.push(...kindsOf(await user.change('signUp', input, 'viewer { id }', null, '198.51.100.11')));
    }
    expect(kinds).toEqual(['RateLimitedError', 'RateLimitedError']);
  });

  it('stop who has mails sent: by account, by address, and to one mailbox, whoever asked', async () => {
    const viewer = await user.aViewer('Hana');
    const ask = async (login: string, address: string) =>
      kindsOf(await user.change('requestPasswordReset', { login }, 'linkLifetimeMinutes', null, address));
    const verification = async () =>
      kindsOf(await user.change('requestEmailVerification', null, 'email', viewer));

    for (const login of ['hana', 'nobody_there']) {
      const asked = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => ask(login, `198.51.100.${20 + n}`)));
      expect(asked.flat()).toEqual(['RateLimitedError']);
    }
    const kinds: unknown[] = [];
    for (let n = 0; n < 32; n++) kinds.push(...(await ask(`somebody_${n}`, '198.51.100.30')));
    expect(kinds).toEqual(['RateLimitedError', 'RateLimitedError']);
    for (let n = 0; n < 5; n++) expect(await verification()).toEqual([]);
    expect(await verification()).toEqual(['RateLimitedError']);

    for (let n = 0; n < 20; n++)
      await user.change(
        'signUp',
        { username: `flood_${n}`, email: 'victim@example.org', password: PASSWORD },
        'viewer { id }',
        null,
        '198.51.100.31',
      );
    await until(
      'no mail waits',
      async () => (await user.admin.query('SELECT FROM users.mails')).rowCount === 0,
    );
    expect(
      mailsIn(user.env['MAIL_FOLDER'] ?? '').filter(({ to }) => to === 'victim@example.org'),
    ).toHaveLength(15);
  });

  it('stop who changes the name all the time', async () => {
    const viewer = await user.aViewer('Iris');
    const kinds: unknown[] = [];
    for (let n = 0; n < 12; n++)
      kinds.push(
        ...kindsOf(await user.change('changeUsername', { username: `Iris_${n}` }, 'user { id }', viewer)),
      );
    expect(kinds).toEqual(['RateLimitedError', 'RateLimitedError']);
  });

  it('stop who goes and comes back all the time, of which all followers are told', async () => {
    const viewer = await user.aViewer('Jana');
    const kinds: unknown[] = [];
    for (let n = 0; n < 11; n++) {
      const input = { password: PASSWORD };
      const gone = await user.change('deactivateAccount', input, 'deactivatedUserId', viewer);
      kinds.push(...kindsOf(gone));
      if (kindsOf(gone).length === 0) expect((await user.signIn('jana'))['wasReactivated']).toBe(true);
    }
    expect(kinds).toEqual(['RateLimitedError']);
  });
});
