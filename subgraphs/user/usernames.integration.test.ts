import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { until } from '../../tests/until.ts';
import { globalId } from '../global-id.ts';
import type { Viewer } from '../viewer.ts';
import { aUserSubgraph, type Json, type UserSubgraphUnderTest } from './user-subgraph.builder.ts';
import { createUsernameStore } from './username-store.ts';

describe('a username', () => {
  let user: UserSubgraphUnderTest;
  let pool: pg.Pool;
  beforeAll(async () => {
    user = await aUserSubgraph();
    pool = new pg.Pool({ connectionString: user.env['USER_DATABASE_URL'] });
  });
  afterAll(async () => {
    await pool.end();
    await user.stop();
  });

  const availability = async (username: string, viewer: Viewer | null = null) => {
    const query = `query ($username: String!) { usernameAvailability(username: $username) { username isAvailable constraint suggestions } }`;
    return (await user.ask(query, { username }, viewer)).data?.['usernameAvailability'];
  };
  const signUp = async (username: string) =>
    (await user.signUp({ username })).data?.['signUp']?.['errors'] as Json[];
  const rename = (viewer: Viewer, username: string) =>
    user.change('changeUsername', { username }, 'user { username } previousUsernameHeldUntil', viewer);
  const found = async (username: string) => {
    const { data } = await user.ask('query ($username: String!) { user(username: $username) { id } }', {
      username,
    });
    return data?.['user']?.['id'] ?? null;
  };

  it('is judged while one types', async () => {
    await user.aViewer('Marion');
    expect(await availability(' @Nobody_yet ')).toEqual({
      username: 'Nobody_yet',
      isAvailable: true,
      constraint: null,
      suggestions: [],
    });
    const taken = await availability('marion');
    expect(taken).toMatchObject({ isAvailable: false, constraint: 'TAKEN', suggestions: { length: 3 } });
    for (const name of (taken?.['suggestions'] ?? []) as string[])
      expect(await availability(name)).toMatchObject({ isAvailable: true });
    expect(await availability('support')).toMatchObject({ isAvailable: false, constraint: 'RESERVED' });
    expect(await availability('a b')).toMatchObject({
      constraint: 'MALFORMED',
      suggestions: ['a_b_', 'a_b1', 'a_b2'],
    });
    expect(await availability('')).toMatchObject({ constraint: 'REQUIRED', suggestions: [] });
    expect(await availability('x'.repeat(50_000))).toMatchObject({ constraint: 'TOO_LONG' });
    expect(await availability('\0')).toMatchObject({ constraint: 'MALFORMED', suggestions: [] });
  });

  it.each([
    ['Millie', 'mi1Iie'],
    ['Bill', 'BilI'],
    ['morning', 'moming'],
    ['zero_two', 'zer0_tw0'],
    ['vvwv', 'wvvv'],
  ])('that looks like %s is refused to %s', async (first, second) => {
    const { sessionId: _, ...viewer } = await user.aViewer(first);
    expect(await availability(second)).toMatchObject({ isAvailable: false, constraint: 'CONFUSABLE' });
    expect(await signUp(second)).toMatchObject([
      { __typename: 'ValidationError', field: ['username'], constraint: 'CONFUSABLE' },
    ]);
    // In one's own way one does not stand.
    expect(await availability(second, { ...viewer, sessionId: '1' })).toMatchObject({ isAvailable: true });
  });

  it.each(['adm1n', 'ROOST', 'r00st', 'SuPPORT', 'offlcial'])(
    'that passes for the service is refused: %s',
    async (name) => {
      expect(await signUp(name)).toMatchObject([{ constraint: 'RESERVED' }]);
    },
  );

  it.each(['аda', 'ada\u200b', 'ａｄａ', 'ad\u0430', 'ada\u202e', '<b>ada</b>', "ada'--"])(
    'is of ASCII, whatever it looks like: %j',
    async (name) => {
      expect(await signUp(name)).toMatchObject([{ constraint: 'MALFORMED' }]);
    },
  );

  it('goes to one of two who want names that look alike at once', async () => {
    const errors = await Promise.all(['twlns', 'twins', 'tw1ns'].map(signUp));
    expect(errors.filter(({ length }) => length === 0)).toHaveLength(1);
    expect(errors.flat()).toMatchObject([{ constraint: 'CONFUSABLE' }, { constraint: 'CONFUSABLE' }]);
  });

  it('is changed: the old one leads to its account, is held for it, and can be taken back', async () => {
    const nora = await user.aViewer('Nora');
    const id = globalId('user', nora.userId);
    await user.told();
    const changed = await rename(nora, 'Nora_Prime');
    expect(changed).toMatchObject({ user: { username: 'Nora_Prime' }, errors: [] });
    const days = (Date.parse(String(changed['previousUsernameHeldUntil'])) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(30);
    expect(await user.told()).toEqual(['ProfileChanged']);
    expect([await found('nora'), await found('@nora_PRIME')]).toEqual([id, id]);
    expect((await user.signIn('nora'))['errors']).toEqual([]);
    expect(await user.ask('{ viewer { account { usernameChangedAt } } }', {}, nora)).toMatchObject({
      data: { viewer: { account: { usernameChangedAt: expect.any(String) } } },
    });

    expect(await signUp('NORA')).toMatchObject([{ __typename: 'UsernameTakenError' }]);
    expect(await signUp('n0ra')).toMatchObject([{ constraint: 'CONFUSABLE' }]);
    const other = await user.aViewer('Opal');
    expect((await rename(other, 'nora'))['errors']).toMatchObject([{ __typename: 'UsernameTakenError' }]);
    expect(await availability('nora', nora)).toMatchObject({ isAvailable: true });

    expect(await rename(nora, 'nora')).toMatchObject({ user: { username: 'nora' }, errors: [] });
    expect([await found('nora'), await found('nora_prime')]).toEqual([id, id]);
    expect(await rename(nora, 'NORA')).toMatchObject({
      user: { username: 'NORA' },
      previousUsernameHeldUntil: null,
    });
    await user.told();
    expect(await rename(nora, 'NORA')).toMatchObject({ previousUsernameHeldUntil: null, errors: [] });
    expect(await user.told()).toEqual([]);
  });

  it('is anybody’s when it was held long enough', async () => {
    const viewer = await user.aViewer('Petra');
    await rename(viewer, 'Petra_Two');
    await user.admin.query(
      `UPDATE users.username_claims SET held_until = now() - interval '1 s' WHERE username = 'petra'`,
    );
    expect(await found('petra')).toBeNull();
    expect(await availability('petra')).toMatchObject({ isAvailable: true });
    expect(await signUp('Petra')).toEqual([]);
    expect(await found('petra')).not.toBe(globalId('user', viewer.userId));

    await rename(viewer, 'Petra_Three');
    await user.admin.query(
      `UPDATE users.username_claims SET held_until = now() - interval '1 s' WHERE username = 'petra_two'`,
    );
    await createUsernameStore(pool).release();
    expect(
      (await user.admin.query(`SELECT FROM users.username_claims WHERE username LIKE 'petra%'`)).rowCount,
    ).toBe(2);
  });

  it('goes to one of two who change theirs to it at once', async () => {
    const [one, two] = [await user.aViewer('Quentin'), await user.aViewer('Quincy')];
    const both = await Promise.all([rename(one, 'Quick'), rename(two, 'Quick')]);
    expect(both.flatMap(({ errors }) => errors)).toMatchObject([{ __typename: 'UsernameTakenError' }]);
  });

  it('keeps the mentions of its account', async () => {
    const rita = await user.aViewer('Rita');
    const sam = await user.aViewer('Sam');
    await user.change('updateProfile', { bio: 'With @rita' }, 'user { id }', sam);
    await rename(rita, 'Rita_Now');
    const query = '{ user(username: "sam") { bioEntities { ... on MentionEntity { user { username } } } } }';
    await until('the replica knows', async () =>
      JSON.stringify((await user.ask(query)).data).includes('"Rita_Now"'),
    );
  });

  it('is looked for by its looks in an index', async () => {
    await user.admin.query(
      `INSERT INTO users.username_claims (username, user_id) SELECT 'filler' || n, n FROM generate_series(2, 20000) n`,
    );
    await user.admin.query('ANALYZE users.username_claims');
    const { rows } = await user.admin.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT FROM users.username_claims WHERE users.skeleton(username) = users.skeleton('moming')`,
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).not.toContain('Seq Scan');
    expect(plan).toContain('skeleton_idx');
  });
});
