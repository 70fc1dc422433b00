import { ProfileChanged } from '../../platform/events/profile-changed.ts';
import type { Id } from '../../platform/ids.ts';
import { outboxRow } from '../../platform/messaging/outbox.ts';
import type { Database } from '../../platform/postgres.ts';
import { namesIn, storedEntities } from '../../platform/text/stored-entities.ts';
import type { PrismaClient } from '../../prisma/client/client.ts';
import type { ProfileChanges, User } from './user.ts';

export interface ReadOptions {
  /** True for a viewer who just wrote: then the primary answers. */
  readsOwnWrites: boolean;
}

/** Deactivated accounts are absent throughout. */
export interface UserStore {
  /** In the order of `ids`; null where there is no such account. */
  byIds(ids: readonly Id[], options: ReadOptions): Promise<(User | null)[]>;
  /** By its lower-case name, or one that it gave up of late. Read on the primary, as is who may be seen at all. */
  byClaim(claim: string): Promise<User | null>;
  /** Tells the others, unless there is nothing to change. Null when there is no such account. */
  updateProfile(userId: Id, changes: ProfileChanges): Promise<User | null>;
}

const COLUMNS = `id, username, display_name AS "displayName", bio, bio_entities AS "bioEntities", location, website,
  is_protected AS "isProtected", joined_at AS "joinedAt"`;

// Joined, not `= ANY`: each id then looks into the one partition that can hold it.
const BY_IDS = `
  SELECT ${COLUMNS} FROM unnest($1::bigint[]) AS asked (id)
  JOIN users.users USING (id) WHERE deactivated_at IS NULL`;

const BY_CLAIM = `
  SELECT ${COLUMNS} FROM users.users
  WHERE id = (
    SELECT user_id FROM users.username_claims WHERE username = $1 AND (held_until IS NULL OR held_until > now())
  ) AND deactivated_at IS NULL`;

// A field that is absent stays as it is; the two that may be null say by $5 and $7 whether they are there.
const UPDATE = `
  WITH changed AS (
    UPDATE users.users SET display_name = coalesce($2, display_name), bio = coalesce($3, bio),
      bio_entities = coalesce($4::jsonb, bio_entities), location = CASE WHEN $5 THEN $6 ELSE location END,
      website = CASE WHEN $7 THEN $8 ELSE website END
    WHERE id = $1 AND deactivated_at IS NULL RETURNING *
  ),
  told AS (INSERT INTO users.outbox (topic, key, name, payload) SELECT $9, $10, $11, $12 FROM changed)
  SELECT ${COLUMNS} FROM changed`;

export function createUserStore(database: Database, prisma: PrismaClient): UserStore {
  const idsOf = async (claims: readonly string[]) => {
    const rows =
      claims.length === 0
        ? []
        : await prisma.usernameClaim.findMany({
            where: {
              username: { in: [...claims] },
              OR: [{ heldUntil: null }, { heldUntil: { gt: new Date() } }],
            },
          });
    return new Map(rows.map((row) => [row.username, String(row.userId)]));
  };

  const byIds: UserStore['byIds'] = async (ids, options) => {
    const found = new Map<Id, User>();
    const look = async (pool: Database['primary'], missing: readonly Id[]) => {
      const { rows } = await pool.query<User>({ name: 'users-by-ids', text: BY_IDS, values: [missing] });
      for (const row of rows) found.set(row.id, row);
    };
    const reader = database.reader(options);
    await look(reader, ids);
    const missing = ids.filter((id) => !found.has(id));
    // An account that opened a moment ago may not have reached the replica.
    if (missing.length > 0 && reader !== database.primary) await look(database.primary, missing);
    return ids.map((id) => found.get(id) ?? null);
  };

  return {
    byIds,
    byClaim: async (claim) => {
      const { rows } = await database.primary.query<User>({
        name: 'user-by-claim',
        text: BY_CLAIM,
        values: [claim],
      });
      return rows[0] ?? null;
    },
    updateProfile: async (userId, { bio, ...changes }) => {
      const entities = bio && storedEntities(bio.entities, await idsOf(namesIn(bio.entities)));
      if (bio === undefined && Object.keys(changes).length === 0)
        return (await byIds([userId], { readsOwnWrites: true }))[0] ?? null;
      const event = outboxRow(ProfileChanged, { userId });
      const { rows } = await database.primary.query<User>(UPDATE, [
        userId,
        changes.displayName ?? null,
        bio?.text ?? null,
        entities === undefined ? null : JSON.stringify(entities),
        changes.location !== undefined,
        changes.location ?? null,
        changes.website !== undefined,
        changes.website ?? null,
        event.topic,
        event.key,
        event.name,
        event.payload,
      ]);
      return rows[0] ?? null;
    },
  };
}
