import { describe, expect, it } from '@jest/globals';
import { idAbove, shiftId, type Id } from '../../platform/ids.ts';
import { placementOf, type EntryFacts, type TweetFacts } from './placement.ts';

const HOUR_MS = 60 * 60 * 1000;
const TWEET = '1000000000000000';
const ada = { id: '2', name: 'ada' };
const bob = { id: '3', name: 'bob' };

const tweet = (facts: Partial<TweetFacts> = {}): TweetFacts => ({
  id: TWEET,
  author: ada,
  answering: null,
  isOpen: true,
  isBlocked: false,
  blocksViewer: false,
  isMuted: false,
  entries: [],
  ...facts,
});
const entry = (id: Id, facts: Partial<EntryFacts> = {}): EntryFacts => ({
  id,
  author: id === TWEET ? ada : bob,
  followedAt: new Date(0),
  isBlocked: false,
  isMuted: false,
  isHidden: false,
  ...facts,
});
const own = entry(TWEET);
const retweet = (hours: number, facts: Partial<EntryFacts> = {}) =>
  entry(shiftId(TWEET, hours * HOUR_MS), facts);
const placement = (facts: TweetFacts | null, served = () => true) => {
  const { verdict, userId, entry: shown } = placementOf(facts, served);
  return [verdict, userId, shown?.id ?? null];
};
const stranger = { id: '9', name: 'zoe', isStranger: true };

describe('where a tweet stands on a home timeline', () => {
  it('is on it by its newest entry that rule 5 lets through', () => {
    expect(placement(tweet({ entries: [own] }))).toEqual(['SHOWN', null, TWEET]);
    const back = retweet(25);
    expect(placement(tweet({ entries: [own, back] }))).toEqual(['SHOWN', null, back.id]);
    expect(placement(tweet({ entries: [own, retweet(20), retweet(40)] }))).toEqual([
      'SHOWN_EARLIER',
      null,
      TWEET,
    ]);
    const dayLater = entry(idAbove(shiftId(TWEET, 24 * HOUR_MS)));
    expect(placement(tweet({ entries: [own, dayLater] }))).toEqual(['SHOWN', null, dayLater.id]);
    const toTheDay = retweet(24);
    expect(placement(tweet({ entries: [own, toTheDay] }))).toEqual(['SHOWN_EARLIER', null, TWEET]);
  });

  it('is on its way while no page would have it', () => {
    expect(placement(tweet({ entries: [own] }), () => false)).toEqual(['ON_ITS_WAY', null, null]);
    const facts = tweet({ entries: [own, retweet(30)] });
    const first = placementOf(facts, ({ id }) => id === TWEET);
    expect([first.verdict, first.entry?.id]).toEqual(['SHOWN', TWEET]);
  });

  it('does not exist, as far as the viewer may know', () => {
    const unknown = ['NOT_VISIBLE', null, null];
    expect(placement(null)).toEqual(unknown);
    expect(placement(tweet({ author: { id: '2', name: null } }))).toEqual(unknown);
    expect(placement(tweet({ isOpen: null }))).toEqual(unknown);
    expect(placement(tweet({ isOpen: false, isMuted: true }))).toEqual(unknown);
    expect(placement(tweet({ blocksViewer: true }))).toEqual(unknown);
    // What others hide stays hidden behind one's own block.
    expect(placement(tweet({ blocksViewer: true, isBlocked: true }))).toEqual(unknown);
    expect(placement(tweet({ isOpen: false, isBlocked: true }))).toEqual(unknown);
  });

  it('is kept off by a block or a mute of its author, whoever retweeted it', () => {
    expect(placement(tweet({ isBlocked: true, isMuted: true }))).toEqual(['BLOCKED', '2', null]);
    expect(placement(tweet({ isMuted: true, entries: [own, retweet(3)] }))).toEqual(['MUTED', '2', null]);
  });

  it('is kept off as a reply to a stranger, but not its retweets', () => {
    expect(placement(tweet({ answering: stranger, entries: [own] }))).toEqual([
      'REPLY_TO_STRANGER',
      '9',
      null,
    ]);
    const gone = { id: '9', name: null, isStranger: true };
    expect(placement(tweet({ answering: gone, entries: [own] }))).toEqual(['REPLY_TO_STRANGER', null, null]);
    const known = { ...stranger, isStranger: false };
    expect(placement(tweet({ answering: known, entries: [own] }))).toEqual(['SHOWN', null, TWEET]);
    const mine = entry(TWEET, { followedAt: null });
    expect(placement(tweet({ answering: stranger, entries: [mine] }))).toEqual(['SHOWN', null, TWEET]);
    const back = retweet(2);
    expect(placement(tweet({ answering: stranger, entries: [own, back] }))).toEqual(['SHOWN', null, back.id]);
  });

  it('is kept off when all who retweeted it are hidden, muted, blocked or gone', () => {
    const [hidden, muted] = [retweet(1, { isHidden: true }), retweet(2, { isMuted: true })];
    expect(placement(tweet({ entries: [muted, hidden] }))).toEqual(['RETWEETS_HIDDEN', '3', null]);
    expect(placement(tweet({ entries: [muted] }))).toEqual(['RETWEETER_MUTED', '3', null]);
    expect(placement(tweet({ entries: [retweet(1, { isBlocked: true })] }))).toEqual([
      'NOT_FOLLOWED',
      '2',
      null,
    ]);
    const gone = retweet(1, { author: { id: '3', name: null }, isHidden: true });
    expect(placement(tweet({ entries: [gone] }))).toEqual(['NOT_FOLLOWED', '2', null]);
    expect(placement(tweet())).toEqual(['NOT_FOLLOWED', '2', null]);
  });

  it('is told in a sentence', () => {
    const says = (facts: TweetFacts | null, served = true) => placementOf(facts, () => served).explanation;
    expect(says(tweet({ isMuted: true }))).toBe('You mute @ada.');
    expect(says(tweet({ answering: stranger }))).toBe("It answers @zoe, whom you don't follow.");
    expect(says(tweet({ entries: [retweet(1, { isHidden: true })] }))).toBe(
      "You don't follow @ada, and you hide the retweets of @bob, who retweeted it.",
    );
    expect(says(tweet())).toBe("You don't follow @ada, and nobody you follow retweeted it.");
  });
});
