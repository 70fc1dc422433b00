import type pg from 'pg';
import { MAX_ID, type Id } from '../../platform/ids.ts';
import type { Page } from '../connection.ts';
import type { FollowRequest } from './follow.ts';
import { REQUEST } from './follow-store.ts';
import { isShown } from './visibility.ts';

/** Whose approval the viewer waits for, or who waits for the viewer's. */
export type Side = 'sent' | 'received';

/**
 * Requests to follow, as the two concerned see them: nobody else sees one, nor while the other's account does not
 * stand. An account that is not protected has none: those from before wait for the sweep only.
 */
export interface RequestStore {
  /** In the order of `ids`; null for one that the viewer may not see. */
  byIds(viewerId: Id, ids: readonly Id[]): Promise<(FollowRequest | null)[]>;
  /** Latest first, one row more than the page when there are more. */
  of(viewerId: Id, side: Side, page: Page): Promise<FollowRequest[]>;
  /** Counted, not stored: 10,000 that wait take 40 ms, and few ever have a hundred. */
  countOf(viewerId: Id, side: Side): Promise<number>;
}

const BY_IDS = `
  SELECT ${REQUEST} FROM follows.follow_requests request
  WHERE id = ANY($2::bigint[]) AND (
    (requester_id = $1 AND ${isShown('$1', 'request.target_id')})
    OR (target_id = $1 AND ${isShown('$1', 'request.requester_id')})
  )`;

const VISIBLE: Record<Side, string> = {
  sent: `follows.follow_requests request WHERE requester_id = $1 AND ${isShown('$1', 'request.target_id')}`,
  received: `follows.follow_requests request
    WHERE target_id = $1 AND ${isShown('$1', 'request.requester_id')}
      AND (SELECT account.is_protected FROM user_published.accounts account WHERE account.id = $1)`,
};

const PAGE = (side: Side) => `
  SELECT ${REQUEST} FROM ${VISIBLE[side]} AND id < $2 ORDER BY id DESC LIMIT $3`;

const COUNT = (side: Side) => `SELECT count(*)::int AS count FROM ${VISIBLE[side]}`;

export const createRequestStore = (primary: pg.Pool): RequestStore => ({
  byIds: async (viewerId, ids) => {
    const { rows } = await primary.query<FollowRequest>({
      name: 'requests-by-ids',
      text: BY_IDS,
      values: [viewerId, ids],
    });
    const byId = new Map(rows.map((request) => [request.id, request]));
    return ids.map((id) => byId.get(id) ?? null);
  },
  of: async (viewerId, side, { after, limit }) => {
    const values = [viewerId, after?.[0] ?? MAX_ID, limit + 1];
    const query = { name: `${side}-requests`, text: PAGE(side), values };
    return (await primary.query<FollowRequest>(query)).rows;
  },
  countOf: async (viewerId, side) => {
    const query = { name: `count-${side}-requests`, text: COUNT(side), values: [viewerId] };
    return (await primary.query<{ count: number }>(query)).rows[0]?.count ?? 0;
  },
});
