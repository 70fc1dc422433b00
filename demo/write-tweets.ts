import type pg from 'pg';
import type { Keepsakes } from './keepsakes.ts';
import type { Person } from './people.ts';
import { entitiesOf, insert } from './rows.ts';
import type { Entry } from './tweets.ts';

const EDITED_AFTER_MS = 4 * 60_000;
const DELETED_AFTER_MS = 50 * 60_000;

/** Tweets with all that came of them, and their counters. Gives how many likes. */
export async function writeTweets(
  client: pg.Client,
  people: readonly Person[],
  entries: readonly Entry[],
  { bookmarks, pins }: Keepsakes,
) {
  const idOf = (index: number) => people[index]?.id ?? null;
  const idByName = new Map(people.map((person) => [person.username, person.id]));
  const entry = (index: number | null) => (index === null ? undefined : entries[index]);
  const after = ({ createdAt }: Entry, ms: number) => new Date(createdAt.getTime() + ms);
  const conversations = new Map<number, string>();

  const rows = entries.map((own, index) => {
    const [parent, quoted] = [entry(own.inReplyTo), entry(own.quoteOf)];
    const shown = entry(own.retweetOf) ?? own;
    if (own.retweetOf === null) {
      conversations.set(index, conversations.get(own.inReplyTo ?? -1) ?? own.id);
    }
    return [
      own.id,
      idOf(own.author),
      shown.id,
      idOf(shown.author),
      own.text,
      own.text === null ? null : entitiesOf(own.text, idByName),
      own.text === null ? null : 'en',
      parent?.id ?? null,
      parent === undefined ? null : idOf(parent.author),
      conversations.get(index) ?? null,
      quoted?.id ?? null,
      quoted === undefined ? null : idOf(quoted.author),
      own.replyPolicy === 'EVERYONE' ? null : own.replyPolicy,
      own.createdAt,
      own.slip === null ? null : after(own, EDITED_AFTER_MS),
      own.text === '' ? after(own, DELETED_AFTER_MS) : null,
    ];
  });
  await insert(
    client,
    'tweets.entries',
    {
      id: 'bigint',
      author_id: 'bigint',
      tweet_id: 'bigint',
      tweet_author_id: 'bigint',
      text: 'text',
      entities: 'jsonb',
      language: 'text',
      in_reply_to_id: 'bigint',
      in_reply_to_author_id: 'bigint',
      conversation_id: 'bigint',
      quoted_id: 'bigint',
      quoted_author_id: 'bigint',
      reply_policy: 'text',
      created_at: 'timestamptz',
      edited_at: 'timestamptz',
      deleted_at: 'timestamptz',
    },
    rows,
  );
  await client.query(`
    INSERT INTO tweets.retweets (tweet_id, user_id, entry_id)
    SELECT tweet_id, author_id, id FROM tweets.entries WHERE tweet_id <> id`);
  await insert(
    client,
    'tweets.revisions',
    { tweet_id: 'bigint', revision: 'int', text: 'text', entities: 'jsonb', created_at: 'timestamptz' },
    entries.flatMap(({ id, slip, createdAt }) =>
      slip === null ? [] : [[id, 0, slip, entitiesOf(slip, idByName), createdAt]],
    ),
  );
  const likes = entries.flatMap((own) =>
    own.likedBy.map((liker, nth) => [own.id, idOf(liker), after(own, (nth + 1) * 97_000)]),
  );
  await insert(
    client,
    'tweets.likes',
    { tweet_id: 'bigint', user_id: 'bigint', liked_at: 'timestamptz' },
    likes,
  );
  await insert(
    client,
    'tweets.bookmarks',
    { user_id: 'bigint', tweet_id: 'bigint', bookmarked_at: 'timestamptz' },
    bookmarks.flatMap(({ person, entry: index }) => {
      const kept = entry(index);
      return kept === undefined ? [] : [[idOf(person), kept.id, after(kept, 3 * 60_000)]];
    }),
  );
  await insert(
    client,
    'tweets.pins',
    { user_id: 'bigint', tweet_id: 'bigint' },
    [...pins].map(([person, index]) => [idOf(person), entry(index)?.id]),
  );
  await countAll(client);
  return likes.length;
}

/** As the subgraph's own statements would have counted them. */
async function countAll(client: pg.Client): Promise<void> {
  await client.query(`
    INSERT INTO tweets.tweet_counters (tweet_id, slot, like_count, retweet_count, reply_count, quote_count)
    SELECT tweet_id, 0, sum(likes), sum(retweets), sum(replies), sum(quotes) FROM (
      SELECT tweet_id, 1 AS likes, 0 AS retweets, 0 AS replies, 0 AS quotes FROM tweets.likes
      UNION ALL SELECT tweet_id, 0, 1, 0, 0 FROM tweets.retweets
      UNION ALL SELECT in_reply_to_id, 0, 0, 1, 0 FROM tweets.entries
        WHERE in_reply_to_id IS NOT NULL AND deleted_at IS NULL
      UNION ALL SELECT quoted_id, 0, 0, 0, 1 FROM tweets.entries WHERE quoted_id IS NOT NULL AND deleted_at IS NULL
    ) fact GROUP BY tweet_id`);
  await client.query(`
    INSERT INTO tweets.author_counters (author_id, entry_count)
    SELECT author_id, count(*) FROM tweets.entries WHERE deleted_at IS NULL GROUP BY author_id`);
  await client.query(`
    INSERT INTO tweets.hashtags (tag, tweet_id, author_id)
    SELECT DISTINCT entity->>'tag', id, author_id FROM tweets.entries, jsonb_array_elements(entities) AS entity
    WHERE entity->>'type' = 'hashtag' AND deleted_at IS NULL`);
  await client.query(`
    INSERT INTO tweets.hashtag_counters (tag, author_id, tweet_count)
    SELECT tag, author_id, count(*) FROM tweets.hashtags GROUP BY tag, author_id`);
}
