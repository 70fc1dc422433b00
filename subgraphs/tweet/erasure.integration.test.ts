import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { RetweetUndone } from '../../platform/events/retweet-undone.ts';
import { TweetDeleted } from '../../platform/events/tweet-deleted.ts';
import { TweetUnliked } from '../../platform/events/tweet-unliked.ts';
import { until } from '../../tests/until.ts';
import { counterDrift } from './counter-drift.ts';
import { askErasure, eraseAll } from './erasure-store.ts';
import { readEdit } from './edit.ts';
import { aTweet, openTweetStores, type TweetStores } from './tweet-stores.builder.ts';
import type { Tweet } from './tweet.ts';

const GONE = '7';
let stores: TweetStores;
beforeAll(async () => {
  stores = await openTweetStores();
});
afterAll(() => stores.close());

const erase = (signal = new AbortController().signal, wake: () => void = () => undefined) =>
  eraseAll({ primary: stores.database.primary, wake, signal });

/** Events of these names since the outbox was emptied, oldest first. */
const eventsOf = async <T>({ name, decode }: { name: string; decode(bytes: Buffer): T }) => {
  const { rows } = await stores.admin.query<{ payload: Buffer }>(
    'SELECT payload FROM tweets.outbox WHERE name = $1 ORDER BY id',
    [name],
  );
  return rows.map(({ payload }) => decode(payload));
};

let own: Tweet;
let other: Tweet;
let reply: Tweet;
let below: Tweet;
beforeEach(async () => {
  await stores.admin.query('UPDATE users.users SET deactivated_at = NULL WHERE id = $1', [GONE]);
  own = await aTweet(stores.tweets, { authorId: GONE, text: 'A secret of #terns' });
  const read = readEdit('Another secret of #terns');
  if (read.type === 'read') await stores.tweets.edit(own.id, GONE, read.words, new Date());
  other = await aTweet(stores.tweets, { authorId: '8' });
  reply = await aTweet(stores.tweets, {
    authorId: GONE,
    parent: other,
    quoted: other,
    text: 'A secret reply',
  });
  below = await aTweet(stores.tweets, { authorId: '9', parent: reply });
  await stores.reactions.retweet(own, '9');
  await stores.reactions.retweet(other, GONE);
  for (let n = 0; n < 30; n += 1) {
    await stores.reactions.like(await aTweet(stores.tweets, { authorId: '10' }), GONE, new Date());
  }
  await stores.keeping.bookmark(GONE, other.id, new Date());
  await stores.keeping.pin(GONE, own.id, new Date());
  await stores.admin.query('TRUNCATE tweets.outbox');
  await stores.admin.query('UPDATE users.users SET deactivated_at = now() WHERE id = $1', [GONE]);
  await askErasure(stores.database.primary, GONE);
});

/** Rows that name the account, apart from tombstones and from what others wrote of it. */
async function traces(): Promise<string[]> {
  const { rows } = await stores.admin.query<{ place: string }>(
    `SELECT 'entries' AS place FROM tweets.entries WHERE author_id = $1 AND (tweet_id <> id OR deleted_at IS NULL)
     UNION ALL SELECT 'words' FROM tweets.entries WHERE text LIKE '%secret%'
     UNION ALL SELECT 'revisions' FROM tweets.revisions WHERE text LIKE '%secret%'
     UNION ALL SELECT 'retweets' FROM tweets.retweets WHERE user_id = $1
     UNION ALL SELECT 'likes' FROM tweets.likes WHERE user_id = $1
     UNION ALL SELECT 'bookmarks' FROM tweets.bookmarks WHERE user_id = $1
     UNION ALL SELECT 'pins' FROM tweets.pins WHERE user_id = $1
     UNION ALL SELECT 'hashtags' FROM tweets.hashtags WHERE author_id = $1
     UNION ALL SELECT 'hashtag counters' FROM tweets.hashtag_counters WHERE author_id = $1
     UNION ALL SELECT 'author counter' FROM tweets.author_counters WHERE author_id = $1
     UNION ALL SELECT 'keys' FROM tweets.idempotency_keys WHERE author_id = $1`,
    [GONE],
  );
  return rows.map(({ place }) => place);
}

it('leaves nothing of a deleted account but tombstones under what others replied, and counts exactly', async () => {
  await erase();
  expect(await traces()).toEqual([]);
  expect(await counterDrift(stores.database.primary)).toEqual([]);
  expect(await stores.cards.countsOf([other.id])).toEqual([
    { likeCount: 0, retweetCount: 0, replyCount: 0, quoteCount: 0 },
  ]);
  const [seen] = await stores.tweets.byIds([below.id], null);
  expect(seen).toMatchObject({ inReplyToId: reply.id });
  expect(await stores.tweets.byIds([reply.id], null)).toEqual([null]);
});

it('tells of each tweet, retweet and like that goes', async () => {
  await erase();
  expect((await eventsOf(TweetDeleted)).map(({ tweetId }) => tweetId).toSorted()).toEqual(
    [own.id, reply.id].toSorted(),
  );
  expect(await eventsOf(RetweetUndone)).toMatchObject([{ tweetId: other.id, retweeterId: GONE }]);
  expect(await eventsOf(TweetUnliked)).toHaveLength(30);
});

it('goes on where it was stopped, and two at once do it once', async () => {
  const stopping = new AbortController();
  await erase(stopping.signal, () => stopping.abort());
  expect(await traces()).not.toEqual([]);
  await Promise.all([erase(), erase()]);
  expect(await traces()).toEqual([]);
  expect(await counterDrift(stores.database.primary)).toEqual([]);
  expect(await eventsOf(TweetDeleted)).toHaveLength(2);
  expect(await eventsOf(TweetUnliked)).toHaveLength(30);
});

it('ends all retweets that can be ended, however many cannot', async () => {
  const retweets = async () => {
    const { rows } = await stores.admin.query<{ tweetId: string }>(
      `SELECT tweet_id AS "tweetId" FROM tweets.retweets WHERE user_id = $1 ORDER BY entry_id`,
      [GONE],
    );
    return rows.map(({ tweetId }) => tweetId);
  };
  // Counted nowhere, and none of theirs among the retweets.
  const addLost = (after: Tweet) =>
    stores.admin.query(
      `INSERT INTO tweets.entries (id, author_id, tweet_id, tweet_author_id, created_at)
       SELECT $1::bigint + n, $2, $3, '8', now() FROM generate_series(1001, 1201) n`,
      [after.id, GONE, other.id],
    );
  await addLost(other);
  const between = await aTweet(stores.tweets, { authorId: '10' });
  await stores.admin.query('UPDATE users.users SET deactivated_at = NULL WHERE id = $1', [GONE]);
  await stores.reactions.retweet(between, GONE);
  await stores.admin.query('UPDATE users.users SET deactivated_at = now() WHERE id = $1', [GONE]);
  await addLost(await aTweet(stores.tweets, { authorId: '10' }));
  expect(await retweets()).toEqual([other.id, between.id]);
  await erase();
  expect(await retweets()).toEqual([]);
  await stores.admin.query('DELETE FROM tweets.entries WHERE author_id = $1 AND tweet_id <> id', [GONE]);
});

it('is finished by another worker when one is killed at it', async () => {
  const tweets: Tweet[] = [];
  for (let n = 0; n < 150; n += 1) {
    const tweet = await aTweet(stores.tweets, { authorId: GONE });
    await stores.reactions.retweet(tweet, '11');
    tweets.push(tweet);
  }
  const standing = async () => {
    const { rows } = await stores.admin.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM tweets.entries WHERE author_id = $1 AND deleted_at IS NULL`,
      [GONE],
    );
    return rows[0]?.count ?? 0;
  };
  const during = async (what: string, condition: () => Promise<boolean>) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'worker.ts')], {
      env: stores.env,
      stdio: 'ignore',
    });
    try {
      await until(what, condition);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  };
  // However fast it is, it gets no further than to this one.
  await stores.admin.query('BEGIN');
  await stores.admin.query('SELECT FROM tweets.entries WHERE id = $1 FOR UPDATE', [tweets[75]?.id]);
  await during('some tweets are gone', async () => (await standing()) < 140);
  await stores.admin.query('ROLLBACK');
  expect(await standing()).toBeGreaterThan(0);
  await during('all is gone', async () => (await traces()).length === 0);
  expect(await counterDrift(stores.database.primary)).toEqual([]);
}, 180_000);

it('looks again for what a late request wrote, and is done with the account after two minutes', async () => {
  const asked = async () => (await stores.admin.query('SELECT FROM tweets.erasures')).rowCount;
  await erase();
  await aTweet(stores.tweets, { authorId: GONE });
  await erase();
  expect(await traces()).toEqual([]);
  expect(await asked()).toBe(1);
  await stores.admin.query(`UPDATE tweets.erasures SET asked_at = now() - interval '3 minutes'`);
  await erase();
  expect(await asked()).toBe(0);
});
