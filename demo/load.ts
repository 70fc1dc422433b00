import { hash } from '@node-rs/argon2';
import pg from 'pg';
import { parseEntities } from '../platform/text/parse-entities.ts';
import { DEMO_PASSWORD } from './account.ts';
import { inventFollows } from './graph.ts';
import { inventPeople, type Person } from './people.ts';
import { createRandom } from './random.ts';
import { inventEntries, type Entry } from './tweets.ts';

const SEED = 20261121;
const HOUR_MS = 3_600_000;
const ROWS_PER_STATEMENT = 5000;

export interface DemoOptions {
  /** The superuser's: the demo writes into the tables of three subgraphs. */
  adminUrl: string;
  people?: number;
  tweets?: number;
  /** Moves with the hour of the first load, so that the newest tweets are always of today. */
  now?: number;
}

/**
 * Loads the demo graph into an instance that has no accounts yet, all or nothing. The same seed and hour give the same
 * people, ids and words. Null when there are accounts: the demo, from an earlier start, or somebody's own.
 */
export async function loadDemo({ adminUrl, people = 500, tweets = 20_000, now = Date.now() }: DemoOptions) {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('roost demo'))`);
    const { rows } = await client.query<{ taken: boolean }>(
      'SELECT EXISTS (SELECT FROM users.users) AS taken',
    );
    if (rows[0]?.taken === true) return null;

    const anchorMs = Math.floor(now / HOUR_MS) * HOUR_MS;
    const random = createRandom(SEED);
    const persons = inventPeople(people, anchorMs, random);
    const followed = inventFollows(persons, random);
    const entries = inventEntries(persons, followed, tweets, anchorMs, random);

    await writePeople(client, persons);
    const edges = await writeFollows(client, persons, followed, anchorMs);
    const likes = await writeEntries(client, persons, entries);
    await client.query('COMMIT');
    // Without statistics the planner takes twenty thousand rows for none.
    await client.query('ANALYZE');
    return { people: persons.length, follows: edges, entries: entries.length, likes };
  } finally {
    await client.end();
  }
}

async function writePeople(client: pg.Client, people: readonly Person[]) {
  // One hash for all: five hundred of argon2id would take half a minute, and the password is in the README anyway.
  const passwordHash = await hash(DEMO_PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  await insert(
    client,
    'users.users (id, username, display_name, bio, location, joined_at)',
    ['bigint', 'text', 'text', 'text', 'text', 'timestamptz'],
    people.map((person) => [
      person.id,
      person.username,
      person.displayName,
      person.bio,
      person.location,
      person.joinedAt,
    ]),
  );
  await insert(
    client,
    'users.username_claims (username, user_id)',
    ['text', 'bigint'],
    people.map((person) => [person.username, person.id]),
  );
  await insert(
    client,
    'users.email_claims (email, user_id)',
    ['text', 'bigint'],
    people.map((person) => [`${person.username}@example.com`, person.id]),
  );
  await insert(
    client,
    'users.credentials (user_id, email, password_hash, password_changed_at)',
    ['bigint', 'text', 'text', 'timestamptz'],
    people.map((person) => [person.id, `${person.username}@example.com`, passwordHash, person.joinedAt]),
  );
}

async function writeFollows(
  client: pg.Client,
  people: readonly Person[],
  followed: readonly Set<number>[],
  anchorMs: number,
) {
  const edges = followed.flatMap((whom, from) =>
    [...whom].flatMap((to, nth) => {
      const [follower, followee] = [people[from], people[to]];
      if (follower === undefined || followee === undefined) return [];
      // From the day both were there, spread over the days since.
      const earliest = Math.max(follower.joinedAt.getTime(), followee.joinedAt.getTime());
      const followedAt = new Date(
        earliest + Math.floor(((anchorMs - earliest) * (nth + 1)) / (whom.size + 1)),
      );
      return [[follower.id, followee.id, followedAt]];
    }),
  );
  await insert(
    client,
    'follows.following (follower_id, followee_id, followed_at)',
    ['bigint', 'bigint', 'timestamptz'],
    edges,
  );
  await client.query(`
    INSERT INTO follows.followers (followee_id, follower_id, followed_at)
    SELECT followee_id, follower_id, followed_at FROM follows.following`);
  await client.query(`
    INSERT INTO follows.user_counters (user_id, slot, follower_count, following_count)
    SELECT user_id, 0, sum(followers), sum(following) FROM (
      SELECT followee_id AS user_id, 1 AS followers, 0 AS following FROM follows.following
      UNION ALL SELECT follower_id, 0, 1 FROM follows.following
    ) edge GROUP BY user_id`);
  return edges.length;
}

async function writeEntries(client: pg.Client, people: readonly Person[], entries: readonly Entry[]) {
  const idOf = (index: number) => people[index]?.id ?? null;
  const idByName = new Map(people.map((person) => [person.username, person.id]));
  const conversation = new Map<number, string>();

  const rows = entries.map((entry, index) => {
    const parent = entry.inReplyTo === null ? undefined : entries[entry.inReplyTo];
    const shown = entry.retweetOf === null ? entry : entries[entry.retweetOf];
    if (entry.retweetOf === null) {
      conversation.set(
        index,
        (entry.inReplyTo === null ? undefined : conversation.get(entry.inReplyTo)) ?? entry.id,
      );
    }
    return [
      entry.id,
      idOf(entry.author),
      shown?.id ?? null,
      idOf(shown?.author ?? entry.author),
      entry.text,
      entry.text === null ? null : JSON.stringify(entitiesOf(entry.text, idByName)),
      entry.text === null ? null : 'en',
      parent?.id ?? null,
      parent === undefined ? null : idOf(parent.author),
      conversation.get(index) ?? null,
      entry.createdAt,
    ];
  });
  await insert(
    client,
    `tweets.entries (id, author_id, tweet_id, tweet_author_id, text, entities, language,
       in_reply_to_id, in_reply_to_author_id, conversation_id, created_at)`,
    [
      'bigint',
      'bigint',
      'bigint',
      'bigint',
      'text',
      'jsonb',
      'text',
      'bigint',
      'bigint',
      'bigint',
      'timestamptz',
    ],
    rows,
  );
  await client.query(`
    INSERT INTO tweets.retweets (tweet_id, user_id, entry_id)
    SELECT tweet_id, author_id, id FROM tweets.entries WHERE tweet_id <> id`);
  const likes = entries.flatMap((entry) =>
    entry.likedBy.map((liker, nth) => [
      entry.id,
      idOf(liker),
      new Date(entry.createdAt.getTime() + (nth + 1) * 97_000),
    ]),
  );
  await insert(
    client,
    'tweets.likes (tweet_id, user_id, liked_at)',
    ['bigint', 'bigint', 'timestamptz'],
    likes,
  );
  await client.query(`
    INSERT INTO tweets.tweet_counters (tweet_id, slot, like_count, retweet_count, reply_count)
    SELECT tweet_id, 0, sum(likes), sum(retweets), sum(replies) FROM (
      SELECT tweet_id, 1 AS likes, 0 AS retweets, 0 AS replies FROM tweets.likes
      UNION ALL SELECT tweet_id, 0, 1, 0 FROM tweets.retweets
      UNION ALL SELECT in_reply_to_id, 0, 0, 1 FROM tweets.entries WHERE in_reply_to_id IS NOT NULL
    ) fact GROUP BY tweet_id`);
  await client.query(`
    INSERT INTO tweets.author_counters (author_id, entry_count)
    SELECT author_id, count(*) FROM tweets.entries GROUP BY author_id`);
  await client.query(`
    INSERT INTO tweets.hashtags (tag, tweet_id, author_id)
    SELECT DISTINCT entity->>'tag', id, author_id FROM tweets.entries, jsonb_array_elements(entities) AS entity
    WHERE entity->>'type' = 'hashtag'`);
  await client.query(`
    INSERT INTO tweets.hashtag_counters (tag, author_id, tweet_count)
    SELECT tag, author_id, count(*) FROM tweets.hashtags GROUP BY tag, author_id`);
  return likes.length;
}

/** As the tweet subgraph stores them: a mention names the account, not the name. */
const entitiesOf = (text: string, idByName: ReadonlyMap<string, string>) =>
  parseEntities(text).flatMap((entity): object[] => {
    if (entity.type !== 'mention') return [entity];
    const userId = idByName.get(entity.username);
    const { start, end } = entity;
    return userId === undefined ? [] : [{ type: 'mention', start, end, userId }];
  });

/** Rows by columns through `unnest`: one round trip for thousands. */
async function insert(client: pg.Client, into: string, types: readonly string[], rows: readonly unknown[][]) {
  const columns = types.map((type, index) => `$${index + 1}::${type}[]`).join(', ');
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const part = rows.slice(start, start + ROWS_PER_STATEMENT);
    const values = types.map((_, column) => part.map((row) => row[column]));
    await client.query(`INSERT INTO ${into} SELECT * FROM unnest(${columns})`, values);
  }
}
