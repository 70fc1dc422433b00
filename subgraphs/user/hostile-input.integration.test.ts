import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { createExecutor } from '../executor.ts';
import type { Viewer } from '../viewer.ts';
import { aUserSubgraph, PASSWORD, type Json, type UserSubgraphUnderTest } from './user-subgraph.builder.ts';

describe('what strangers send', () => {
  let user: UserSubgraphUnderTest;
  let viewer: Viewer;
  beforeAll(async () => {
    user = await aUserSubgraph();
    viewer = await user.aViewer('Ada');
  });
  afterAll(() => user.stop());

  const update = (input: Json) =>
    user.change(
      'updateProfile',
      input,
      'user { displayName bio location website bioEntities { __typename } }',
      viewer,
    );

  it('stays text, markup and all', async () => {
    const markup = '<img src=x onerror=alert(1)> & "so" on';
    const { user: profile } = await update({ displayName: markup, bio: markup, location: '<b>Turin</b>' });
    expect(profile).toMatchObject({
      displayName: markup,
      bio: markup,
      location: '<b>Turin</b>',
      bioEntities: [],
    });
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.example',
    'https://',
    `https://example.org/${'x'.repeat(2000)}`,
  ])('is no link: %j', async (website) => {
    expect(await update({ website })).toMatchObject({
      user: null,
      errors: [{ __typename: 'ValidationError', field: ['website'] }],
    });
  });

  it('makes no links of a bio but to the web', async () => {
    const { user: profile } = await update({ bio: 'javascript:alert(1) data:text/html,x file:///etc' });
    expect(profile).toMatchObject({ bioEntities: [] });
  });

  it.each(["x' OR '1'='1", 'x"; DROP TABLE users.users; --', '%', '_', '\\', '$1'])(
    'is no SQL: %j',
    async (text) => {
      const { data } = await user.ask(
        'query ($text: String!) { user(username: $text) { id } usernameAvailability(username: $text) { isAvailable } }',
        { text },
      );
      expect(data?.['user']).toBeNull();
      expect((await user.signIn(text, text))['errors']).toMatchObject([
        { __typename: 'WrongCredentialsError' },
      ]);
    },
  );

  it.each(['\r\nX-Admin: yes', '\n{"level":60,"msg":"forged"}', '\u2028forged', '\0', '\ud800'])(
    'is no device, as it would be more than a line: %j',
    async (text) => {
      const input = { login: 'ada', password: PASSWORD, deviceName: `Phone${text}` };
      expect(await user.change('signIn', input, 'session { id }')).toMatchObject({
        session: null,
        errors: [{ field: ['deviceName'], constraint: 'MALFORMED' }],
      });
    },
  );

  it.each([
    'a@b.example\r\nBcc: all@example.org',
    'a@b.example\nSubject: x',
    '"a b"@c.example',
    'a@b.example\0',
  ])('is no address that could write into a mail: %j', async (email) => {
    expect(
      await user.change('changeEmail', { email, password: PASSWORD }, 'viewer { id }', viewer),
    ).toMatchObject({
      errors: [{ field: ['email'], constraint: 'MALFORMED' }],
    });
  });

  it('is one line of the log, however it is broken', async () => {
    const lines: string[] = [];
    const sink = new Writable({
      write: (chunk: Buffer, _, done) => {
        lines.push(...chunk.toString().trimEnd().split('\n'));
        done();
      },
    });
    const { subgraph } = user;
    // A fault while somebody sends what would be a line of its own.
    const broken = { ...subgraph, log: pino(sink), context: () => ({}) };
    const forged = 'x\n{"level":60,"msg":"forged"}\r\n';
    const answer = await createExecutor(broken).execute(
      {
        query:
          'mutation ($login: String!) { signIn(input: { login: $login, password: "x", deviceName: $login }) { errors { __typename } } }',
        variables: { login: forged },
      },
      {
        caller: { viewer: null, address: forged, userAgent: forged, readsOwnWrites: false },
        setCookie: () => undefined,
      },
    );
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR' });
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(JSON.parse(line)).not.toMatchObject({ msg: 'forged' });
  });

  it('names a device by what is known of it, never by the header itself', async () => {
    const { data } = await user.ask('{ viewer { sessions { deviceName ipAddress place } } }', {}, viewer);
    expect(data?.['viewer']?.['sessions']).toEqual([
      { deviceName: 'Firefox on Linux', ipAddress: '192.0.2.1', place: null },
      ...((data?.['viewer']?.['sessions'] as Json[] | undefined)?.slice(1) ?? []),
    ]);
  });

  it('is quick to be refused, however long', async () => {
    const long = 'a'.repeat(200_000);
    const inputs = [
      `${long}@${long}`,
      '@'.repeat(100_000),
      `${'a.'.repeat(100_000)}@b`,
      `a@${'b.'.repeat(100_000)}`,
    ];
    for (const email of inputs) {
      const input = { email, username: 'zoe', password: PASSWORD };
      expect(await user.change('signUp', input, 'viewer { id }')).toMatchObject({ viewer: null });
      expect((await user.signIn(email, long))['errors']).toHaveLength(1);
    }
  });
});
