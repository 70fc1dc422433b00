import type pg from 'pg';
import { UserFollowed } from '../../platform/events/user-followed.ts';
import { UserUnfollowed } from '../../platform/events/user-unfollowed.ts';
import { outboxRow, type OutboxRow } from '../../platform/messaging/outbox.ts';
import type { Edge } from './follow.ts';

/*
 * The one place where edges begin and end. An edge has two rows, counts for two people and is told of, all in one
 * statement, whether it is one edge or a batch of them. Within a transaction that has locked the pairs (pair-lock.ts).
 */

/**
 * People who follow one account at once wait for each other only when they share a slot, which the hash of an id picks:
 * its last bits are a sequence number, and mostly zero.
 */
const SLOTS = 16;

/** The edges that are wanted, each with its event. */
const WANTED = `
  wanted AS (
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bytea[])
      AS wanted (follower_id, followee_id, topic, key, name, payload)
  )`;

const COUNT_AND_TELL = (sign: 1 | -1) => `
  counted AS (
    INSERT INTO follows.user_counters AS counter (user_id, slot, follower_count, following_count)
    SELECT user_id, slot, sum(follower_count), sum(following_count) FROM (
      SELECT followee_id AS user_id, (hashint8(follower_id) & ${SLOTS - 1})::smallint AS slot, ${sign} AS follower_count, 0 AS following_count FROM edge
      UNION ALL
      SELECT follower_id, (hashint8(followee_id) & ${SLOTS - 1})::smallint, 0, ${sign} FROM edge
    ) change GROUP BY user_id, slot ORDER BY user_id, slot
    ON CONFLICT (user_id, slot) DO UPDATE SET
      follower_count = counter.follower_count + excluded.follower_count,
      following_count = counter.following_count + excluded.following_count
  ),
  told AS (
    INSERT INTO follows.outbox (topic, key, name, payload)
    SELECT topic, key, name, payload FROM edge JOIN wanted USING (follower_id, followee_id)
  )
  SELECT count(*)::int AS changed FROM edge`;

const BEGIN_EDGES = `
  WITH ${WANTED},
  edge AS (
    INSERT INTO follows.following (follower_id, followee_id, followed_at)
    SELECT follower_id, followee_id, $7 FROM wanted
    ON CONFLICT DO NOTHING RETURNING follower_id, followee_id, followed_at
  ),
  mirrored AS (
    INSERT INTO follows.followers (followee_id, follower_id, followed_at)
    SELECT followee_id, follower_id, followed_at FROM edge
  ),
  ${COUNT_AND_TELL(1)}`;

const END_EDGES = `
  WITH ${WANTED},
  edge AS (
    DELETE FROM follows.following AS edge USING wanted
    WHERE edge.follower_id = wanted.follower_id AND edge.followee_id = wanted.followee_id
    RETURNING edge.follower_id, edge.followee_id
  ),
  mirrored AS (
    DELETE FROM follows.followers AS mirror USING edge
    WHERE mirror.followee_id = edge.followee_id AND mirror.follower_id = edge.follower_id
  ),
  ${COUNT_AND_TELL(-1)}`;

/** How many edges began; one that is there already stays as it is, and is not told of again. */
export const beginEdges = (client: pg.PoolClient, edges: readonly Edge[], now: Date): Promise<number> =>
  change(client, 'begin-edges', BEGIN_EDGES, edges, now, (edge) =>
    outboxRow(UserFollowed, { ...edge, followedAtMs: now.getTime() }),
  );

/** How many edges ended; one that is not there is not told of. */
export const endEdges = (client: pg.PoolClient, edges: readonly Edge[]): Promise<number> =>
  change(client, 'end-edges', END_EDGES, edges, null, (edge) => outboxRow(UserUnfollowed, edge));

async function change(
  client: pg.PoolClient,
  name: string,
  text: string,
  edges: readonly Edge[],
  now: Date | null,
  eventOf: (edge: Edge) => OutboxRow,
): Promise<number> {
  const events = edges.map(({ followerId, followeeId }) => eventOf({ followerId, followeeId }));
  const values = [
    edges.map(({ followerId }) => followerId),
    edges.map(({ followeeId }) => followeeId),
    events.map((event) => event.topic),
    events.map((event) => event.key),
    events.map((event) => event.name),
    events.map((event) => event.payload),
    ...(now === null ? [] : [now]),
  ];
  const { rows } = await client.query<{ changed: number }>({ name, text, values });
  return rows[0]?.changed ?? 0;
}
