import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient, type ExecutionResult } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createRateLimiter } from '../platform/rate-limiter.ts';
import { createLog } from '../platform/process/log.ts';
import type { Caller } from '../subgraphs/viewer.ts';
import { until } from '../tests/until.ts';
import { createBudget, type CostNotice } from './budget.ts';
import { startSmallSupergraph, type SmallSupergraph } from './small-supergraph.ts';

const log = createLog('test').child({}, { level: 'silent' });

describe('a budget', () => {
  const someone = (address: string, userId?: string): Caller => ({
    viewer: userId === undefined ? null : { userId, sessionId: '1' },
    address,
    userAgent: null,
    readsOwnWrites: false,
  });
  const budget = () => createBudget(createRateLimiter({ url: null, keyPrefix: '', scale: 0.001, log }));

  it('is of a viewer wherever he is, and of an address while nobody is signed in', async () => {
    const { spend } = budget();
    const ada = await spend(someone('1.1.1.1', '7'), 30);
    expect(ada).toMatchObject({ isAllowed: true, notice: { requested: 30, remaining: 20, limit: 50 } });
    expect((await spend(someone('2.2.2.2', '7'), 30)).isAllowed).toBe(false);
    expect((await spend(someone('1.1.1.1'), 30)).notice).toMatchObject({ remaining: 10, limit: 40 });
    expect((await spend(someone('1.1.1.1'), 11)).isAllowed).toBe(false);
    expect((await spend(someone('3.3.3.3'), 11)).isAllowed).toBe(true);
  });

  it('is one for all addresses of an IPv6 network', async () => {
    const { spend } = budget();
    await spend(someone('2001:db8:0:1::1'), 40);
    expect((await spend(someone('2001:db8::1:ffff:0:0:2'), 1)).isAllowed).toBe(false);
    expect((await spend(someone('2001:db8:0:2::1'), 1)).isAllowed).toBe(true);
  });

  it('is one for all networks of an IPv6 site, and ten times that of one', async () => {
    const { spend, refusedBefore } = budget();
    for (let n = 0; n < 10; n++) {
      const { isAllowed, notice } = await spend(someone(`2001:db8:0:${n}::1`), 40);
      expect([isAllowed, notice.remaining]).toEqual([true, 0]);
    }
    expect(await spend(someone('2001:db8:0:a::1'), 1)).toMatchObject({
      isAllowed: false,
      notice: { limit: 400, remaining: 0 },
    });
    expect(refusedBefore(someone('2001:db8:0:b::1'))).toMatchObject({ isAllowed: false });
    expect((await spend(someone('2001:db8:1::1'), 1)).isAllowed).toBe(true);
  });

  it('remembers whom it refused until there is something again', async () => {
    let now = 0;
    const { spend, refusedBefore } = createBudget(
      createRateLimiter({ url: null, keyPrefix: '', scale: 0.001, log }),
      () => now,
    );
    expect(refusedBefore(someone('1.1.1.1'))).toBe(null);
    await spend(someone('1.1.1.1'), 41);
    expect(refusedBefore(someone('1.1.1.1'))).toMatchObject({ isAllowed: false });
    now = 60_001;
    expect(refusedBefore(someone('1.1.1.1'))).toBe(null);
  });
});

const nest = (levels: number): unknown => (levels === 0 ? [] : [nest(levels - 1)]);

describe('the price of operations', () => {
  let supergraph: SmallSupergraph;
  beforeAll(async () => {
    // 20 points a minute for an address, 25 for a viewer.
    supergraph = await startSmallSupergraph('in process', {
      RATE_LIMIT_SCALE: '0.0005',
      TRUSTED_PROXIES: '127.0.0.1',
    });
    supergraph.sessions.begin('eve');
  });
  afterAll(() => supergraph.stop());

  let addresses = 0;
  /** Somebody whom nobody has seen before. */
  const stranger = () => ({ 'x-forwarded-for': `10.0.0.${++addresses}` });

  async function ask(query: string, headers: Record<string, string>, more: object = {}) {
    const response = await fetch(`${supergraph.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, ...more }),
    });
    const body = (await response.json()) as {
      data?: unknown;
      errors?: { message: string; extensions: Record<string, unknown> }[];
      extensions?: { cost: CostNotice };
    };
    return { status: response.status, headers: response.headers, ...body };
  }
  const TWO = '{ entry(cursor: "a") { author { name } } }';

  it('is told with each answer, in the body and in headers', async () => {
    const { extensions, headers } = await ask(TWO, stranger());
    expect(extensions?.cost).toEqual({
      requested: 2,
      remaining: 18,
      limit: 20,
      resetMs: expect.any(Number) as unknown,
    });
    expect(headers.get('ratelimit-limit')).toBe('20');
    expect(headers.get('ratelimit-remaining')).toBe('18');
    expect(headers.get('ratelimit-reset')).toBe('60');
    expect(headers.get('retry-after')).toBe(null);
  });

  it('refuses with RATE_LIMITED and 429 when the budget is spent, and says when to come back', async () => {
    const headers = stranger();
    for (let i = 0; i < 10; i++) expect((await ask(TWO, headers)).data).toBeDefined();
    // The first refusal is by the count, the second by what is remembered of it.
    for (let i = 0; i < 2; i++) {
      const refused = await ask(TWO, headers);
      expect(refused).toMatchObject({ status: 429, errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
      expect(refused.data).toBeUndefined();
      const retryAfterMs = refused.errors?.[0]?.extensions['retryAfterMs'];
      expect(Number(refused.headers.get('retry-after'))).toBe(Math.ceil(Number(retryAfterMs) / 1_000));
      expect(refused.headers.get('ratelimit-remaining')).toBe('0');
    }
  });

  it('is at least a point, and more for a text of no use', async () => {
    expect((await ask('{ __typename }', stranger())).extensions?.cost.requested).toBe(1);
    const useless = await ask(`{ nope ${' '.repeat(490)} }`, stranger());
    expect(useless).toMatchObject({ status: 400, extensions: { cost: { requested: 10 } } });
  });

  describe('of a text that is read for the first time', () => {
    const long = (words: string) => `${words} #${' '.repeat(490)}${addresses}`;
    const leftOf = async (headers: Record<string, string>) =>
      (await ask('{ __typename }', headers)).extensions?.cost.remaining;

    it('is at least that of reading it, once', async () => {
      const [headers, text] = [stranger(), long(TWO)];
      expect((await ask(text, headers)).extensions?.cost).toMatchObject({ requested: 2, remaining: 9 });
      expect((await ask(text, headers)).extensions?.cost).toMatchObject({ requested: 2, remaining: 7 });
    });

    it.each<[string, string, object?]>([
      ['no operation of that name', 'query A { caller }', { operationName: 'B' }],
      ['a subscription', 'subscription { home { cursor } }'],
      ['variables that are too deep', '{ caller }', { variables: { deep: nest(30) } }],
    ])('is taken also when it is refused: %s', async (_, words, more = {}) => {
      const [headers, text] = [stranger(), long(words)];
      const refused = await ask(text, headers, more);
      expect(refused.status).toBe(400);
      expect(refused.data).toBeUndefined();
      const left = await leftOf(headers);
      expect(left).toBeLessThanOrEqual(9);
      await ask(text, headers, more);
      expect(await leftOf(headers)).toBe(Number(left) - 1);
    });

    it('is taken of a mutation by GET', async () => {
      const headers = { ...stranger(), 'apollo-require-preflight': '1' };
      const search = new URLSearchParams({ query: long('mutation { signIn }') }).toString();
      const { status } = await fetch(`${supergraph.gateway.url}/graphql?${search}`, { headers });
      expect(status).toBe(405);
      expect(await leftOf(headers)).toBeLessThanOrEqual(9);
    });

    it.each<[string, string, object?]>([
      ['no operation of that name', 'query A { caller }', { operationName: 'C' }],
      ['a missing variable', 'query ($c: ID!) { entry(cursor: $c) { cursor } }'],
      ['nothing', TWO],
    ])('is taken on a socket: %s', async (_, words, more = {}) => {
      const headers = stranger();
      const socket = open(long(words), headers, undefined, more);
      await socket.ended;
      expect(await leftOf(headers)).toBeLessThanOrEqual(9);
      await socket.close();
    });
  });

  it('is of all mutations of an operation together', async () => {
    const many = Array.from({ length: 20 }, (_, i) => `a${i}: announce(cursor: "x") { cursor }`).join(' ');
    expect((await ask(`mutation { ${many} }`, stranger())).status).toBe(429);
  });

  const url = () => `${supergraph.gateway.url.replace('http', 'ws')}/graphql`;
  function open(query: string, headers: Record<string, string>, authorization?: string, more: object = {}) {
    const got: ExecutionResult[] = [];
    const { promise: ended, resolve } = Promise.withResolvers<unknown>();
    const client = createClient({
      url: url(),
      webSocketImpl: class extends WebSocket {
        constructor(address: string, protocol: string) {
          super(address, protocol, { headers });
        }
      },
      retryAttempts: 0,
      ...(authorization !== undefined && { connectionParams: { authorization } }),
    });
    client.subscribe(
      { query, ...more },
      {
        next: (event) => void got.push(event as ExecutionResult),
        error: resolve,
        complete: () => resolve('complete'),
      },
    );
    return { got, ended, close: () => client.dispose() };
  }
  const refusal = [
    expect.objectContaining({
      extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) as unknown },
    }),
  ];

  it('is the same on a socket', async () => {
    const headers = stranger();
    const first = open(TWO, headers);
    await first.ended;
    expect(first.got[0]?.extensions).toMatchObject({ cost: { requested: 2, remaining: 18 } });
    await ask('{ nope }', headers, { query: `{ nope ${' '.repeat(1_200)} }` });
    expect(await open(TWO, headers).ended).toEqual(refusal);
    expect(await open('subscription { home { cursor } }', headers).ended).toEqual(refusal);
    await first.close();
  });

  it('is taken for each event of a stream, which ends when nothing is left', async () => {
    const stream = open('subscription { home { author { name } } }', {}, 'Bearer eve');
    await until('the stream is open', () => supergraph.streams() === 1);
    for (let i = 0; i < 20; i++) supergraph.announce(String(i));
    expect(await stream.ended).toEqual(refusal);
    // 25 points: 2 at the start and for each event.
    expect(stream.got).toHaveLength(11);
    expect(stream.got[0]?.extensions).toMatchObject({ cost: { requested: 2, remaining: 21 } });
    expect(supergraph.streams()).toBe(0);
    await stream.close();
  });
});
