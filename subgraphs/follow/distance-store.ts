import type pg from 'pg';
import { RetweetsHidden } from '../../platform/events/retweets-hidden.ts';
import { RetweetsShown } from '../../platform/events/retweets-shown.ts';
import { UserBlocked } from '../../platform/events/user-blocked.ts';
import { UserMuted } from '../../platform/events/user-muted.ts';
import { UserUnblocked } from '../../platform/events/user-unblocked.ts';
import { UserUnmuted } from '../../platform/events/user-unmuted.ts';
import { MAX_ID, type Id } from '../../platform/ids.ts';
import { outboxRow, type OutboxRow } from '../../platform/messaging/outbox.ts';
import { inTransaction } from '../../platform/transaction.ts';
import type { Page } from '../connection.ts';
import { endEdges } from './edges.ts';
import { placeAfter } from './keyset.ts';
import { lockPairs } from './pair-lock.ts';
import { relationsBetween } from './relation-store.ts';
import { stands } from './visibility.ts';

/** How one account keeps another away: wholly, off its home timeline, or only what the other retweets. */
export type Distance = 'block' | 'mute' | 'hidden-retweets';

/** Somebody in a list of those kept away. */
export interface Kept {
  userId: Id;
  since: Date;
}

/** Blocks, mutes and hidden retweets. Made twice, a change changes nothing and tells nobody. */
export interface DistanceStore {
  /** From the answer on. A block ends follows and requests both ways with it. False when there is no such account. */
  keep(distance: Distance, viewerId: Id, userId: Id, now: Date): Promise<boolean>;
  /** False when there is no such account. What a block ended stays ended. */
  release(distance: Distance, viewerId: Id, userId: Id): Promise<boolean>;
  /** Whom the viewer keeps away and whose account stands: latest first, one row more than the page when there are more. */
  kept(distance: Distance, viewerId: Id, page: Page): Promise<Kept[]>;
}

const TABLES: Record<Distance, { table: string; who: string; whom: string; at: string }> = {
  block: { table: 'blocks', who: 'blocker_id', whom: 'blocked_id', at: 'blocked_at' },
  mute: { table: 'mutes', who: 'muter_id', whom: 'muted_id', at: 'muted_at' },
  'hidden-retweets': { table: 'hidden_retweets', who: 'viewer_id', whom: 'user_id', at: 'hidden_at' },
};

const BEGUN: Record<Distance, (viewerId: Id, userId: Id, atMs: number) => OutboxRow> = {
  block: (blockerId, blockedId, blockedAtMs) => outboxRow(UserBlocked, { blockerId, blockedId, blockedAtMs }),
  mute: (muterId, mutedId, mutedAtMs) => outboxRow(UserMuted, { muterId, mutedId, mutedAtMs }),
  'hidden-retweets': (viewerId, userId, hiddenAtMs) =>
    outboxRow(RetweetsHidden, { viewerId, userId, hiddenAtMs }),
};

const ENDED: Record<Distance, (viewerId: Id, userId: Id) => OutboxRow> = {
  block: (blockerId, blockedId) => outboxRow(UserUnblocked, { blockerId, blockedId }),
  mute: (muterId, mutedId) => outboxRow(UserUnmuted, { muterId, mutedId }),
  'hidden-retweets': (viewerId, userId) => outboxRow(RetweetsShown, { viewerId, userId }),
};

const TELL = `
  told AS (INSERT INTO follows.outbox (topic, key, name, payload) SELECT $3, $4, $5, $6 FROM changed)
  SELECT EXISTS (SELECT FROM account) AS found, EXISTS (SELECT FROM changed) AS changed`;

const ACCOUNT = 'account AS (SELECT id FROM user_published.accounts WHERE id = $2::bigint)';

const BEGIN = (distance: Distance) => {
  const { table, who, whom, at } = TABLES[distance];
  return `
    WITH ${ACCOUNT},
    changed AS (
      INSERT INTO follows.${table} (${who}, ${whom}, ${at}) SELECT $1::bigint, id, $7 FROM account
      ON CONFLICT DO NOTHING RETURNING 1
    ), ${TELL}`;
};

const END = (distance: Distance) => {
  const { table, who, whom } = TABLES[distance];
  return `
    WITH ${ACCOUNT},
    changed AS (
      DELETE FROM follows.${table} WHERE ${who} = $1::bigint AND ${whom} = $2::bigint AND EXISTS (SELECT FROM account)
      RETURNING 1
    ), ${TELL}`;
};

const KEPT = (distance: Distance) => {
  const { table, who, whom, at } = TABLES[distance];
  return `
    SELECT ${whom} AS "userId", ${at} AS since FROM follows.${table} AS kept
    WHERE ${who} = $1 AND (${at}, ${whom}) < ($2, $3::bigint) AND ${stands(`kept.${whom}`)}
    ORDER BY ${at} DESC, ${whom} DESC LIMIT $4`;
};

const END_REQUESTS = `
  DELETE FROM follows.follow_requests
  WHERE (requester_id = $1 AND target_id = $2) OR (requester_id = $2 AND target_id = $1)`;

interface Change {
  found: boolean;
  changed: boolean;
}

/** @param wake called after a commit that left an event in the outbox. */
export function createDistanceStore(primary: pg.Pool, wake: () => void): DistanceStore {
  type Querying = Pick<pg.Pool, 'query'>;

  async function change(
    client: Querying,
    query: { name: string; text: string },
    pair: [Id, Id],
    event: OutboxRow,
    ...more: Date[]
  ): Promise<Change> {
    const values = [...pair, event.topic, event.key, event.name, event.payload, ...more];
    const { rows } = await client.query<Change>({ ...query, values });
    return rows[0] ?? { found: false, changed: false };
  }

  const begin = (client: Querying, distance: Distance, viewerId: Id, userId: Id, now: Date) => {
    const query = { name: `keep-${distance}`, text: BEGIN(distance) };
    return change(client, query, [viewerId, userId], BEGUN[distance](viewerId, userId, now.getTime()), now);
  };

  const end = (client: Querying, distance: Distance, viewerId: Id, userId: Id) => {
    const query = { name: `release-${distance}`, text: END(distance) };
    return change(client, query, [viewerId, userId], ENDED[distance](viewerId, userId));
  };

  const block = (viewerId: Id, userId: Id, now: Date): Promise<Change> =>
    inTransaction(primary, async (client) => {
      await lockPairs(client, [[viewerId, userId]]);
      const [relation = null] = await relationsBetween(client, viewerId, [userId]);
      if (relation === null) return { found: false, changed: false };
      await endEdges(client, [
        { followerId: viewerId, followeeId: userId },
        { followerId: userId, followeeId: viewerId },
      ]);
      await client.query({ name: 'end-requests', text: END_REQUESTS, values: [viewerId, userId] });
      return await begin(client, 'block', viewerId, userId, now);
    });

  const told = ({ found, changed }: Change): boolean => {
    if (changed) wake();
    return found;
  };

  return {
    keep: async (distance, ...what) =>
      told(await (distance === 'block' ? block(...what) : begin(primary, distance, ...what))),
    release: async (distance, ...what) => told(await end(primary, distance, ...what)),
    kept: async (distance, viewerId, page) => {
      const values = [viewerId, ...placeAfter(page, ['infinity', MAX_ID]), page.limit + 1];
      return (await primary.query<Kept>({ name: `kept-${distance}`, text: KEPT(distance), values })).rows;
    },
  };
}
