import type pg from 'pg';
import type { Id } from '../../platform/ids.ts';
import { inTransaction } from '../../platform/transaction.ts';
import { beginEdges, endEdges } from './edges.ts';
import { decideFollow, type FollowDecision, type FollowRequest } from './follow.ts';
import { lockPairs } from './pair-lock.ts';
import { relationsBetween } from './relation-store.ts';

export type Followed =
  | Extract<FollowDecision, { type: 'refused' }>
  /** With the request that waits now; null when the account is followed. */
  | { type: 'done'; request: FollowRequest | null };

/**
 * Edges and requests, as people make and end them. Each is one transaction that holds the pair, so that of several at
 * once, blocks among them, one comes after the other. Made twice, a change changes nothing and tells nobody.
 */
export interface FollowStore {
  /** Follows an account, or asks to when it is protected. */
  follow(viewerId: Id, userId: Id, now: Date): Promise<Followed>;
  /** Ends a follow, and withdraws a request that waits. False when there is no such account. */
  unfollow(viewerId: Id, userId: Id): Promise<boolean>;
  /** Ends that an account follows the viewer. False when there is no such account. */
  removeFollower(viewerId: Id, userId: Id): Promise<boolean>;
  /** Who had asked, and follows from now on; null when no such request waits for the viewer. */
  approve(viewerId: Id, requestId: Id, now: Date): Promise<Id | null>;
  /** Who had asked; null when no such request waits for the viewer. */
  decline(viewerId: Id, requestId: Id): Promise<Id | null>;
  /** Whom the viewer had asked; null when the viewer has no such request. */
  withdraw(viewerId: Id, requestId: Id): Promise<Id | null>;
}

export const REQUEST = `
  id, requester_id AS "requesterId", target_id AS "targetId", requested_at AS "requestedAt"`;

const ASK = `
  INSERT INTO follows.follow_requests (requester_id, target_id, requested_at) VALUES ($1, $2, $3)
  RETURNING ${REQUEST}`;

const END_REQUEST = 'DELETE FROM follows.follow_requests WHERE requester_id = $1 AND target_id = $2';

const REQUESTER = 'SELECT requester_id AS id FROM follows.follow_requests WHERE id = $1 AND target_id = $2';

/** Whoever has left is no more there for the other. */
const ANSWER = (own: 'requester_id' | 'target_id', other: 'requester_id' | 'target_id') => `
  DELETE FROM follows.follow_requests request WHERE id = $1 AND ${own} = $2
    AND EXISTS (SELECT FROM user_published.accounts account WHERE account.id = request.${other})
  RETURNING ${other} AS id`;

/** @param wake called after a commit that left an event in the outbox. */
export function createFollowStore(primary: pg.Pool, wake: () => void): FollowStore {
  /** Runs a change of what is between two people; wakes when it left events. */
  async function change<T>(
    pair: readonly [Id, Id],
    work: (client: pg.PoolClient) => Promise<{ result: T; events: number }>,
  ): Promise<T> {
    const { result, events } = await inTransaction(primary, async (client) => {
      await lockPairs(client, [pair]);
      return await work(client);
    });
    if (events > 0) wake();
    return result;
  }

  async function oneId(
    client: Pick<pg.Pool, 'query'>,
    name: string,
    text: string,
    values: Id[],
  ): Promise<Id | null> {
    const { rows } = await client.query<{ id: Id }>({ name, text, values });
    return rows[0]?.id ?? null;
  }

  return {
    follow: (viewerId, userId, now) =>
      change<Followed>([viewerId, userId], async (client) => {
        const [relation = null] = await relationsBetween(client, viewerId, [userId]);
        const decision = decideFollow(relation);
        switch (decision.type) {
          case 'refused':
            return { result: decision, events: 0 };
          case 'unchanged': {
            const request = relation?.viewerIsFollowing === true ? null : relation?.viewerFollowRequest;
            return { result: { type: 'done', request: request ?? null }, events: 0 };
          }
          case 'request': {
            const values = [viewerId, userId, now];
            const { rows } = await client.query<FollowRequest>({ name: 'ask', text: ASK, values });
            return { result: { type: 'done', request: rows[0] ?? null }, events: 0 };
          }
          case 'follow': {
            // Asked while it was protected: the account has opened since.
            if (relation?.viewerFollowRequest)
              await client.query({ name: 'end-request', text: END_REQUEST, values: [viewerId, userId] });
            const edge = { followerId: viewerId, followeeId: userId };
            return { result: { type: 'done', request: null }, events: await beginEdges(client, [edge], now) };
          }
        }
      }),
    unfollow: (viewerId, userId) =>
      change([viewerId, userId], async (client) => {
        const [relation = null] = await relationsBetween(client, viewerId, [userId]);
        if (relation === null) return { result: false, events: 0 };
        await client.query({ name: 'end-request', text: END_REQUEST, values: [viewerId, userId] });
        const edge = { followerId: viewerId, followeeId: userId };
        return { result: true, events: await endEdges(client, [edge]) };
      }),
    removeFollower: (viewerId, userId) =>
      change([viewerId, userId], async (client) => {
        const [relation = null] = await relationsBetween(client, viewerId, [userId]);
        if (relation === null) return { result: false, events: 0 };
        const edge = { followerId: userId, followeeId: viewerId };
        return { result: true, events: await endEdges(client, [edge]) };
      }),
    approve: async (viewerId, requestId, now) => {
      const followerId = await oneId(primary, 'requester', REQUESTER, [requestId, viewerId]);
      if (followerId === null) return null;
      return await change<Id | null>([viewerId, followerId], async (client) => {
        const text = ANSWER('target_id', 'requester_id');
        if ((await oneId(client, 'answer-request', text, [requestId, viewerId])) === null)
          return { result: null, events: 0 };
        const edge = { followerId, followeeId: viewerId };
        return { result: followerId, events: await beginEdges(client, [edge], now) };
      });
    },
    decline: (viewerId, requestId) =>
      oneId(primary, 'answer-request', ANSWER('target_id', 'requester_id'), [requestId, viewerId]),
    withdraw: (viewerId, requestId) =>
      oneId(primary, 'withdraw-request', ANSWER('requester_id', 'target_id'), [requestId, viewerId]),
  };
}
