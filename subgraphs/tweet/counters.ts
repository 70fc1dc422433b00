/*
 * How counters move: as parts of the statement that writes the fact, and with a row of it, so that doing something twice
 * counts once. Every writer takes rows in one order, so that none waits for another in a circle: the tweet that is
 * changed, then counters of authors by their ids, then those of tweets by theirs. Counters of hashtags are their
 * author's alone, and are taken by their names.
 *
 * Arguments are SQL. `from` names a part before it whose rows say that the fact was written.
 */

/**
 * Which of the sixteen rows of a tweet a person counts in, so that those who like it at once seldom wait for one another.
 * By a hash: ids end in a sequence number, which is nearly always zero.
 */
export const slotOf = (person: string): string => `(hashint8(${person}) & 15)::smallint`;

/** Likes or retweets of one tweet, by one person. */
export const countReaction = (
  column: 'like_count' | 'retweet_count',
  change: 1 | -1,
  { tweet, person, from }: { tweet: string; person: string; from: string },
): string => `
  INSERT INTO tweets.tweet_counters AS counter (tweet_id, slot, ${column})
  SELECT ${tweet}, ${slotOf(person)}, ${change} FROM ${from}
  ON CONFLICT (tweet_id, slot) DO UPDATE SET ${column} = counter.${column} + ${change}`;

/**
 * The reply and the quote that a tweet is, of tweets that may be the same one. All of `from` is read before the first
 * row is taken, so that whatever it takes comes before.
 */
export const countAnswer = (
  change: 1 | -1,
  { parent, quoted, author, from }: { parent: string; quoted: string; author: string; from: string },
): string => `
  INSERT INTO tweets.tweet_counters AS counter (tweet_id, slot, reply_count, quote_count)
  SELECT answered.id, ${slotOf(author)}, ${change} * sum(answered.replies), ${change} * sum(answered.quotes)
  FROM (VALUES (${parent}::bigint, 1, 0), (${quoted}::bigint, 0, 1)) AS answered (id, replies, quotes), ${from}
  WHERE answered.id IS NOT NULL AND author_id = ${author} GROUP BY answered.id ORDER BY answered.id
  ON CONFLICT (tweet_id, slot) DO UPDATE SET
    reply_count = counter.reply_count + excluded.reply_count,
    quote_count = counter.quote_count + excluded.quote_count`;

/** A tweet or retweet of one author, whose row only the author's own writes take. */
export const countEntry = (change: 1 | -1, { author, from }: { author: string; from: string }): string => `
  INSERT INTO tweets.author_counters AS counter (author_id, entry_count) SELECT ${author}, ${change} FROM ${from}
  ON CONFLICT (author_id) DO UPDATE SET entry_count = counter.entry_count + ${change} RETURNING author_id`;

/** Hashtags that one tweet carries, or carries no longer; `from` has their names, each once. */
export const countTags = (change: 1 | -1, { author, from }: { author: string; from: string }): string => `
  INSERT INTO tweets.hashtag_counters AS counter (tag, author_id, tweet_count)
  SELECT tag, ${author}, ${change} FROM ${from} ORDER BY tag
  ON CONFLICT (tag, author_id) DO UPDATE SET tweet_count = counter.tweet_count + ${change}`;

/** What is left of hashtags that an author carries no longer; after `countTags`, in its transaction. */
export const FORGET_TAGS = `
  DELETE FROM tweets.hashtag_counters USING unnest($1::text[]) AS gone (tag)
  WHERE hashtag_counters.tag = gone.tag AND author_id = $2 AND tweet_count = 0`;
