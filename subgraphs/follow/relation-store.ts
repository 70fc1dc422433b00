import type pg from 'pg';
import type { Id } from '../../platform/ids.ts';
import type { FollowCounts, FollowRequest, Relation } from './follow.ts';
import { blocks, follows, hidesRetweets, mutes } from './visibility.ts';

/** What stands between the viewer and accounts, and how many follow them. Both are exact, and read from the primary. */
export interface RelationStore {
  /** In the order of `userIds`; null for an account that does not stand. All is false to a viewer who is signed out. */
  between(viewerId: Id | null, userIds: readonly Id[]): Promise<(Relation | null)[]>;
  /** In the order of `userIds`; zeros for one that nobody follows and that follows nobody. */
  countsOf(userIds: readonly Id[]): Promise<FollowCounts[]>;
}

// Joined from `unnest`, because `= ANY` on a table partitioned by hash looks into all eight (docs/decisions/0003).
const RELATIONS = `
  SELECT wanted.id, account.is_protected AS "isProtected",
    ${follows('$1', 'wanted.id')} AS "viewerIsFollowing", ${follows('wanted.id', '$1')} AS "isFollowingViewer",
    ${mutes('$1', 'wanted.id')} AS "viewerHasMuted", ${hidesRetweets('$1', 'wanted.id')} AS "viewerHasHiddenRetweets",
    ${blocks('$1', 'wanted.id')} AS "viewerHasBlocked", ${blocks('wanted.id', '$1')} AS "hasBlockedViewer",
    request.id AS "requestId", request.requested_at AS "requestedAt"
  FROM unnest($2::bigint[]) AS wanted (id)
  JOIN user_published.accounts account ON account.id = wanted.id
  LEFT JOIN follows.follow_requests request ON request.requester_id = $1::bigint AND request.target_id = wanted.id`;

const COUNTS = `
  SELECT user_id AS id, sum(follower_count)::int AS "followerCount", sum(following_count)::int AS "followingCount"
  FROM unnest($1::bigint[]) AS wanted (id) JOIN follows.user_counters ON user_id = wanted.id GROUP BY user_id`;

interface RelationRow extends Omit<Relation, 'viewerFollowRequest'> {
  id: Id;
  requestId: Id | null;
  requestedAt: Date | null;
}

/** As `RelationStore.between`; within a transaction, what is true in it. */
export async function relationsBetween(
  client: Pick<pg.Pool, 'query'>,
  viewerId: Id | null,
  userIds: readonly Id[],
): Promise<(Relation | null)[]> {
  const values = [viewerId, userIds];
  const { rows } = await client.query<RelationRow>({ name: 'relations', text: RELATIONS, values });
  const byId = new Map(
    rows.map(({ id, requestId, requestedAt, ...relation }) => {
      const viewerFollowRequest: FollowRequest | null =
        viewerId === null || requestId === null || requestedAt === null
          ? null
          : { id: requestId, requesterId: viewerId, targetId: id, requestedAt };
      return [id, { ...relation, viewerFollowRequest }];
    }),
  );
  return userIds.map((id) => byId.get(id) ?? null);
}

export const createRelationStore = (primary: pg.Pool): RelationStore => ({
  between: (viewerId, userIds) => relationsBetween(primary, viewerId, userIds),
  countsOf: async (userIds) => {
    const { rows } = await primary.query<FollowCounts & { id: Id }>({
      name: 'follow-counts',
      text: COUNTS,
      values: [userIds],
    });
    const byId = new Map(rows.map(({ id, ...counts }) => [id, counts]));
    return userIds.map((id) => byId.get(id) ?? { followerCount: 0, followingCount: 0 });
  },
});
