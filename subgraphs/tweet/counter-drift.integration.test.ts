import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { counterDrift } from './counter-drift.ts';
import { readEdit } from './edit.ts';
import { askErasure, eraseAll } from './erasure-store.ts';
import { postTweet } from './post-tweet.ts';
import { aNewTweet, openTweetStores, relations, type TweetStores } from './tweet-stores.builder.ts';
import type { Tweet } from './tweet.ts';

/** The same numbers below 1 for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const TAGS = ['#terns', '#gulls', '#Terns #auks', ''];

describe('counters', () => {
  let stores: TweetStores;
  beforeAll(async () => {
    stores = await openTweetStores();
  });
  afterAll(() => stores.close());

  /** What somebody does next with one of few tweets, so that people meet. */
  async function act(userId: string, random: () => number, known: Tweet[]): Promise<void> {
    const pick = <T>(of: readonly T[]): T | undefined => of[Math.floor(random() * of.length)];
    const tweet = pick(known.slice(-12));
    const text = `Back on the roof ${pick(TAGS)} ${random()}`;
    const step = random();
    const post = async (given: { inReplyToId?: string | null; quotedId?: string | null }) => {
      const seen = async (id: string) => (await stores.tweets.byIds([id], userId))[0] ?? null;
      const { tweet: posted } = await postTweet(aNewTweet({ text, ...given }), userId, stores.tweets, seen);
      if (posted !== null) known.push(posted);
    };
    if (tweet === undefined || step < 0.1) return await post({});
    const { id } = tweet;
    if (step < 0.2) return await post({ inReplyToId: id });
    if (step < 0.3) return await post({ inReplyToId: id, quotedId: pick(known)?.id ?? null });
    if (step < 0.35) return await post({ inReplyToId: id, quotedId: id });
    if (step < 0.5) return void (await stores.reactions.like(tweet, userId, new Date()));
    if (step < 0.6) return void (await stores.reactions.unlike(id, userId));
    if (step < 0.75) return void (await stores.reactions.retweet(tweet, userId));
    if (step < 0.8) return void (await stores.reactions.undoRetweet(id, userId));
    if (step < 0.9) {
      const read = readEdit(text);
      if (read.type === 'read') await stores.tweets.edit(id, tweet.authorId, read.words, new Date());
      return;
    }
    await stores.tweets.delete(id, tweet.authorId, new Date());
  }

  it('equal their rows after all that twenty people do at once, some of whom are erased meanwhile', async () => {
    const known: Tweet[] = [];
    const { signal } = new AbortController();
    const people = Array.from({ length: 20 }, async (_, nth) => {
      const [userId, random] = [String(nth + 1), randomOf(nth)];
      for (let turn = 0; turn < 40; turn += 1) {
        await act(userId, random, known);
        if (nth < 3 && turn === 30) {
          await relations(stores.admin).deactivate(userId);
          await askErasure(stores.database.primary, userId);
          await eraseAll({ primary: stores.database.primary, wake: () => undefined, signal });
        }
      }
    });
    await Promise.all(people);
    const { rows } = await stores.admin.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM tweets.entries WHERE deleted_at IS NULL',
    );
    expect(rows[0]?.count).toBeGreaterThan(20);
    expect(await counterDrift(stores.database.primary)).toEqual([]);
  });

  it('are checked by a command, which names each that is wrong', async () => {
    const check = () =>
      promisify(execFile)(process.execPath, [join(import.meta.dirname, '../../bin/check-counters.ts')], {
        env: stores.env,
      });
    expect((await check()).stdout).toBe('Every counter says what its rows say.\n');
    await stores.admin.query(`INSERT INTO tweets.hashtag_counters VALUES ('terns', 400, 3)`);
    await stores.admin.query(
      `INSERT INTO tweets.tweet_counters (tweet_id, slot, quote_count) VALUES (5, 0, 1)`,
    );
    await expect(check()).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /hashtag_count of terns 400 is 3, of 0 rows\n.*quote_count of 5 is 1, of 0 rows\n/,
      ),
    });
  });
});
