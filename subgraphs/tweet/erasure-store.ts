import type pg from 'pg';
import { TweetUnliked } from '../../platform/events/tweet-unliked.ts';
import type { Id } from '../../platform/ids.ts';
import { outboxRow } from '../../platform/messaging/outbox.ts';
import { inTransaction } from '../../platform/transaction.ts';
import { countReaction } from './counters.ts';
import { deleteTweet } from './delete-tweet.ts';
import { endRetweet } from './reaction-store.ts';

/** What is erased in the background works with. */
export interface Erasing {
  primary: pg.Pool;
  /** Called after a commit that left an event in the outbox. */
  wake(): void;
  /** Aborts when the process stops: the step in hand is the last. */
  signal: AbortSignal;
}

/** A transaction that takes 200 likes back holds their counters for 20 ms. */
const BATCH = 200;

/**
 * A deleted account may still be written for by a request that was under way. Longer than any transaction lasts
 * (prisma/roles.ts), so that the last look finds all.
 */
const WATCHED = '2 minutes';

const ASK = 'INSERT INTO tweets.erasures (user_id) VALUES ($1) ON CONFLICT DO NOTHING';

const WANTED = 'SELECT user_id AS "userId" FROM tweets.erasures ORDER BY asked_at, user_id';

const TWEETS = `
  SELECT id FROM tweets.entries WHERE author_id = $1 AND tweet_id = id AND deleted_at IS NULL LIMIT $2`;

const RETWEETS = `
  SELECT id AS "entryId", tweet_id AS "tweetId" FROM tweets.entries
  WHERE author_id = $1 AND id > $2 AND tweet_id <> id AND deleted_at IS NULL ORDER BY id LIMIT $3`;

const LIKES = 'SELECT tweet_id AS "tweetId" FROM tweets.likes WHERE user_id = $1 LIMIT $2';

const TAKE_BACK_LIKES = `
  WITH gone AS (
    DELETE FROM tweets.likes USING unnest($2::bigint[]) AS liked (id)
    WHERE likes.tweet_id = liked.id AND user_id = $1 RETURNING likes.tweet_id
  ),
  counted AS (${countReaction('like_count', -1, { tweet: 'tweet_id', person: '$1', from: 'gone ORDER BY tweet_id' })})
  INSERT INTO tweets.outbox (topic, key, name, payload)
  SELECT $3, $4, $5, payload FROM gone JOIN unnest($2::bigint[], $6::bytea[]) AS event (tweet_id, payload) USING (tweet_id)`;

// Nobody is told of these, and nothing counts them. Retweets go that ended with their tweet; tweets stay as they are
// when deleted, without a word: others replied to them.
const REST = [
  `DELETE FROM tweets.entries WHERE author_id = $1 AND tweet_id <> id AND deleted_at IS NOT NULL`,
  `DELETE FROM tweets.bookmarks WHERE user_id = $1`,
  `DELETE FROM tweets.pins WHERE user_id = $1`,
  `DELETE FROM tweets.idempotency_keys WHERE author_id = $1`,
  // One that is not back at zero has drifted, and stays for the check to find.
  `DELETE FROM tweets.author_counters WHERE author_id = $1 AND entry_count = 0`,
];

const FINISH = `DELETE FROM tweets.erasures WHERE user_id = $1 AND asked_at < now() - interval '${WATCHED}'`;

/** Notes that all that is kept of an account is to go. Again changes nothing; the next `eraseAll` does it. */
export async function askErasure(primary: pg.Pool, userId: Id): Promise<void> {
  await primary.query({ name: 'ask-erasure', text: ASK, values: [userId] });
}

/**
 * Erases all that is kept of the accounts that are to go: tweets as when their author deletes them, retweets and likes
 * as when taken back, each with its counters and its event in one transaction; then what nobody is told of. One that
 * breaks off is followed by another, and two at once share the work. An account is done with after two minutes at the
 * earliest. Rejects in the end when any could not be erased, which keeps none of the others waiting.
 */
export async function eraseAll(erasing: Erasing): Promise<void> {
  const { rows } = await erasing.primary.query<{ userId: Id }>(WANTED);
  const failures: unknown[] = [];
  for (const { userId } of rows) {
    await eraseAccount(erasing, userId).catch((err: unknown) => failures.push(err));
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Not every account could be erased');
}

async function eraseAccount(erasing: Erasing, userId: Id): Promise<void> {
  const { primary, signal } = erasing;
  for (const step of [eraseTweets, eraseRetweets, eraseLikes]) {
    while (!signal.aborted && (await step(erasing, userId)));
  }
  if (signal.aborted) return;
  for (const text of REST) await primary.query(text, [userId]);
  await primary.query(FINISH, [userId]);
}

// Each gives false when there was nothing left to do.
type Step = (erasing: Erasing, userId: Id) => Promise<boolean>;

const eraseTweets: Step = async ({ primary, wake, signal }, userId) => {
  const { rows } = await primary.query<{ id: Id }>(TWEETS, [userId, BATCH]);
  for (const { id } of rows) {
    if (signal.aborted) break;
    await inTransaction(primary, (client) => deleteTweet(client, id, userId, new Date()));
    wake();
  }
  return rows.length > 0;
};

const eraseRetweets: Step = async ({ primary, wake, signal }, userId) => {
  // From one to the next: one that cannot be ended, or that another worker ends just now, stands before no other.
  for (let after: Id | undefined = '0'; after !== undefined && !signal.aborted;) {
    const { rows }: pg.QueryResult<{ entryId: Id; tweetId: Id }> = await primary.query(RETWEETS, [
      userId,
      after,
      BATCH,
    ]);
    for (const { entryId, tweetId } of rows) {
      if (signal.aborted) break;
      await endRetweet(primary, { tweetId, userId, entryId });
      wake();
    }
    after = rows.at(-1)?.entryId;
  }
  return false;
};

const eraseLikes: Step = async ({ primary, wake }, userId) => {
  const { rows } = await primary.query<{ tweetId: Id }>(LIKES, [userId, BATCH]);
  if (rows.length === 0) return false;
  const events = rows.map(({ tweetId }) => outboxRow(TweetUnliked, { tweetId, userId }));
  const tweetIds = rows.map(({ tweetId }) => tweetId);
  const { topic, name, key } = events[0] ?? { topic: '', name: '', key: '' };
  await primary.query({
    name: 'take-back-likes',
    text: TAKE_BACK_LIKES,
    values: [userId, tweetIds, topic, key, name, events.map(({ payload }) => payload)],
  });
  wake();
  return true;
};
