import type { Database } from '../../platform/postgres.ts';
import type { Id } from '../../platform/ids.ts';
import type { PrismaClient } from '../../prisma/client/client.ts';
import { resolveMentions, type ProfileChanges, type User } from './user.ts';

export interface ReadOptions {
  /** True for a viewer who just wrote: then the primary answers. */
  readsOwnWrites: boolean;
}

/** What only its owner may know of an account. */
export interface Account {
  email: string;
  passwordChangedAt: Date;
}

/** Deactivated accounts are absent throughout. */
export interface UserStore {
  /** In the order of `ids`; null where there is no such account. */
  byIds(ids: readonly Id[], options: ReadOptions): Promise<(User | null)[]>;
  /** By its lower-case name. */
  byClaim(claim: string, options: ReadOptions): Promise<User | null>;
  /** Which of these lower-case names are nobody's, in their order. */
  freeAmong(claims: readonly string[]): Promise<string[]>;
  /** What a password is compared with. @param login lower case; an address when it holds an `@`, else a name. */
  passwordOf(login: string): Promise<{ userId: Id; passwordHash: string } | null>;
  account(userId: Id): Promise<Account | null>;
  /** Null when there is no such account. */
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
  WHERE id = (SELECT user_id FROM users.username_claims WHERE username = $1) AND deactivated_at IS NULL`;

// One statement whether there is such an account or not, so that time does not tell.
const PASSWORD_OF = (claims: string, column: string) => `
  SELECT claim.user_id AS "userId", password_hash AS "passwordHash" FROM users.${claims} claim
  JOIN users.credentials USING (user_id) JOIN users.users account ON account.id = claim.user_id
  WHERE claim.${column} = $1 AND deactivated_at IS NULL`;

export function createUserStore(database: Database, prisma: PrismaClient): UserStore {
  const idsOf = async (claims: readonly string[]) => {
    const rows =
      claims.length === 0
        ? []
        : await prisma.usernameClaim.findMany({ where: { username: { in: [...claims] } } });
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
    byClaim: async (claim, options) => {
      const look = async (pool: Database['primary']) =>
        (await pool.query<User>({ name: 'user-by-claim', text: BY_CLAIM, values: [claim] })).rows[0];
      const reader = database.reader(options);
      return (
        (await look(reader)) ??
        (reader === database.primary ? null : ((await look(database.primary)) ?? null))
      );
    },
    freeAmong: async (claims) => {
      const taken = await idsOf(claims);
      return claims.filter((claim) => !taken.has(claim));
    },
    passwordOf: async (login) => {
      const [name, claims, column] = login.includes('@')
        ? ['password-by-email', 'email_claims', 'email']
        : ['password-by-name', 'username_claims', 'username'];
      const { rows } = await database.primary.query<{ userId: Id; passwordHash: string }>({
        name,
        text: PASSWORD_OF(claims, column),
        values: [login],
      });
      return rows[0] ?? null;
    },
    account: (userId) =>
      prisma.credential.findUnique({
        where: { userId: BigInt(userId) },
        select: { email: true, passwordChangedAt: true },
      }),
    updateProfile: async (userId, { bio, ...changes }) => {
      const names =
        bio?.entities.flatMap((entity) => (entity.type === 'mention' ? [entity.username] : [])) ?? [];
      const written = bio && {
        bio: bio.text,
        bioEntities: resolveMentions(bio.entities, await idsOf(names)),
      };
      await prisma.user.updateMany({
        where: { id: BigInt(userId), deactivatedAt: null },
        data: { ...changes, ...written },
      });
      return (await byIds([userId], { readsOwnWrites: true }))[0] ?? null;
    },
  };
}
