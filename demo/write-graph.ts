import type pg from 'pg';
import type { Person } from './people.ts';
import { insert } from './rows.ts';
import type { Tie, Ties } from './ties.ts';

/** Follows with their counters, and all that there is between people besides. Gives how many follows. */
export async function writeGraph(
  client: pg.Client,
  people: readonly Person[],
  followed: readonly Set<number>[],
  ties: Ties,
  anchorMs: number,
) {
  const follows = followed.flatMap((whom, from) => [...whom].map((to): Tie => [from, to]));
  const firstTies = new Map(
    [...Map.groupBy(follows, ([from]) => from)].map(([from, all]) => [from, all.length]),
  );
  /** From the day both were there, spread over the days since. */
  const dated = (all: readonly Tie[], of: (from: number) => number) => {
    const nth = new Map<number, number>();
    return all.flatMap(([from, to]) => {
      const [one, other] = [people[from], people[to]];
      if (one === undefined || other === undefined) return [];
      nth.set(from, (nth.get(from) ?? 0) + 1);
      const earliest = Math.max(one.joinedAt.getTime(), other.joinedAt.getTime());
      const share = (nth.get(from) ?? 1) / (of(from) + 1);
      return [[one.id, other.id, new Date(earliest + Math.floor((anchorMs - earliest) * share))]];
    });
  };
  await insert(
    client,
    'follows.following',
    { follower_id: 'bigint', followee_id: 'bigint', followed_at: 'timestamptz' },
    dated(follows, (from) => firstTies.get(from) ?? 0),
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

  const late = (all: readonly Tie[]) => dated(all, () => 1);
  await insert(
    client,
    'follows.follow_requests',
    { requester_id: 'bigint', target_id: 'bigint', requested_at: 'timestamptz' },
    late(ties.requests),
  );
  await insert(
    client,
    'follows.blocks',
    { blocker_id: 'bigint', blocked_id: 'bigint', blocked_at: 'timestamptz' },
    late(ties.blocks),
  );
  await insert(
    client,
    'follows.mutes',
    { muter_id: 'bigint', muted_id: 'bigint', muted_at: 'timestamptz' },
    late(ties.mutes),
  );
  await insert(
    client,
    'follows.hidden_retweets',
    { viewer_id: 'bigint', user_id: 'bigint', hidden_at: 'timestamptz' },
    late(ties.hiddenRetweets),
  );
  return follows.length;
}
