import { describe, expect, it } from '@jest/globals';
import { lowestIdAt } from '../../platform/ids.ts';
import { pathOf, reasonOf } from './reason.ts';
import type { SeenEntry } from './visibility-gate.ts';

const NOON = Date.UTC(2026, 10, 21, 12);
const HOUR_MS = 60 * 60 * 1000;

const anEntry = (given: Partial<SeenEntry> = {}): SeenEntry => ({
  id: lowestIdAt(NOON),
  tweetId: lowestIdAt(NOON),
  authorId: '1',
  authorName: 'ada',
  followedAt: new Date(NOON - HOUR_MS),
  answering: null,
  ...given,
});
const explanation = (given: Partial<SeenEntry>) => reasonOf('9', anEntry(given), 'DELIVERED').explanation;

describe('why an entry is on a home timeline', () => {
  it('is said in a sentence', () => {
    const retweet = { tweetId: lowestIdAt(NOON - HOUR_MS) };
    expect(explanation({})).toBe('You follow @ada.');
    expect(explanation({ answering: { userId: '9', name: 'you' } })).toBe(
      'You follow @ada, who answers you.',
    );
    expect(explanation({ answering: { userId: '1', name: 'ada' } })).toBe(
      'You follow @ada, who adds to a tweet of their own.',
    );
    expect(explanation({ answering: { userId: '2', name: 'bob' } })).toBe(
      'You follow @ada, who answers @bob, whom you follow too.',
    );
    expect(explanation({ answering: { userId: '2', name: null } })).toBe('You follow @ada.');
    expect(explanation(retweet)).toBe('You follow @ada, who retweeted it.');
    expect(explanation({ followedAt: null })).toBe('You wrote it.');
    expect(explanation({ ...retweet, followedAt: null })).toBe('You retweeted it.');
  });

  it('names whom it answers, unless that account is gone', () => {
    const answering = (name: string | null) =>
      reasonOf('9', anEntry({ answering: { userId: '2', name } }), 'DELIVERED');
    expect(answering('bob')).toMatchObject({ answeringId: '2' });
    expect(answering(null)).toMatchObject({ answeringId: null });
  });

  it('has the way by which it came', () => {
    const list = { deliveredSinceMs: NOON - 1 };
    expect(pathOf(anEntry(), list)).toBe('DELIVERED');
    expect(pathOf(anEntry(), { deliveredSinceMs: NOON + 1 })).toBe('RESTORED');
    expect(pathOf(anEntry(), 'postgres')).toBe('RESTORED');
    expect(pathOf(anEntry({ followedAt: new Date(NOON + HOUR_MS) }), list)).toBe('BACKFILLED');
    expect(pathOf(anEntry({ followedAt: null }), list)).toBe('DELIVERED');
  });
});
