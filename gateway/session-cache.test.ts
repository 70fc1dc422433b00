import { describe, expect, it } from '@jest/globals';
import type { Credential, LiveSession, SessionSource } from '../subgraphs/session.ts';
import { cachedSessions } from './session-cache.ts';
import { testSessions } from './small-supergraph.ts';

const cookie = (secret: string): Credential => ({ kind: 'cookie', secret });
const use = { address: '127.0.0.1' };

describe('the cache of sessions', () => {
  it('asks once for requests that come together or within seconds', async () => {
    const sessions = testSessions();
    let now = Date.now();
    const { find } = cachedSessions(sessions, () => now);
    sessions.begin('a');
    const both = await Promise.all([find(cookie('a'), use), find(cookie('a'), use)]);
    expect(both.map((session) => session?.id)).toEqual(['session-a', 'session-a']);
    now += 4_000;
    await find(cookie('a'), use);
    expect(sessions.finds).toBe(1);
    now += 2_000;
    await find(cookie('a'), use);
    expect(sessions.finds).toBe(2);
  });

  it('tells a cookie from a token', async () => {
    const sessions = testSessions();
    const { find } = cachedSessions(sessions);
    sessions.begin('a');
    await find(cookie('a'), use);
    await find({ kind: 'bearer', secret: 'a' }, use);
    expect(sessions.finds).toBe(2);
  });

  it('forgets a session as it ends, and does not keep one past its expiry', async () => {
    const sessions = testSessions();
    let now = Date.now();
    const { find } = cachedSessions(sessions, () => now);
    sessions.begin('a', { expiresAt: new Date(now + 1_000) });
    await find(cookie('a'), use);
    sessions.end('a', true);
    now += 1_001;
    expect(await find(cookie('a'), use)).toBe(null);
    sessions.begin('b');
    await find(cookie('b'), use);
    sessions.end('b');
    expect(await find(cookie('b'), use)).toBe(null);
  });

  it('believes no answer that was on its way while the session ended', async () => {
    const answer = Promise.withResolvers<LiveSession | null>();
    let end: (sessionId: string) => void = () => undefined;
    let live = true;
    const session = { id: '1', userId: '2', expiresAt: new Date(Date.now() + 60_000) };
    const source: SessionSource = {
      find: () => (live ? answer.promise : Promise.resolve(null)),
      stands: async () => live,
      onEnded: (listener) => {
        end = listener;
        return () => undefined;
      },
    };
    const { find } = cachedSessions(source);
    const early = find(cookie('a'), use);
    live = false;
    end('1');
    answer.resolve(session);
    expect(await early).toBe(null);
    expect(await find(cookie('a'), use)).toBe(null);
  });

  it('believes one that was on its way while another session ended', async () => {
    const sessions = testSessions();
    const { find } = cachedSessions(sessions);
    sessions.begin('a');
    sessions.begin('b');
    const asked = find(cookie('a'), use);
    sessions.end('b');
    expect((await asked)?.id).toBe('session-a');
  });

  it('keeps neither what is unknown nor that nobody could tell', async () => {
    const sessions = testSessions();
    const { find } = cachedSessions(sessions);
    expect(await find(cookie('a'), use)).toBe(null);
    sessions.unreachable = true;
    await expect(find(cookie('a'), use)).rejects.toThrow('ECONNREFUSED');
    sessions.unreachable = false;
    sessions.begin('a');
    expect((await find(cookie('a'), use))?.id).toBe('session-a');
  });
});
