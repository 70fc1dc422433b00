import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';

/** The subgraphs that speak to Postgres; `user` signs in as the role `roost_user`. */
export type RoleName = 'user' | 'tweet' | 'follow' | 'timeline';

/**
 * What a session of a subgraph may hold on to, unless it asks for other limits. Ids are made before they are written, so
 * they become visible out of order, by as long as the longest write lasts: the transaction timeout is that bound.
 */
const LIMITS = {
  statement_timeout: '15s',
  idle_in_transaction_session_timeout: '10s',
  transaction_timeout: '60s',
};

/**
 * Lets each role sign in to the database of `client` with its password. Safe to repeat; a session that is open stays.
 * Roles belong to the whole server: another database that is migrated with other passwords locks this one's readers out.
 */
export async function openRoles(client: pg.ClientBase, passwords: Record<RoleName, string>): Promise<void> {
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  const database = client.escapeIdentifier(rows[0]?.name ?? '');
  for (const [name, password] of Object.entries(passwords)) {
    const role = client.escapeIdentifier(`roost_${name}`);
    const verifier = client.escapeLiteral(scramVerifier(password));
    const limits = Object.entries(LIMITS).map(
      ([setting, value]) => `ALTER ROLE ${role} SET ${setting} = '${value}'`,
    );
    const statements = [
      `ALTER ROLE ${role} LOGIN PASSWORD ${verifier}`,
      ...limits,
      `GRANT CONNECT ON DATABASE ${database} TO ${role}`,
    ];
    await whileOthersAlterIt(() => client.query(statements.join(';')));
  }
}

const ATTEMPTS = 20;

/** Postgres does not queue those who alter one role, it fails the second: it may try again. */
async function whileOthersAlterIt(alter: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await alter();
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !isLostRace(error)) throw error;
      await setTimeout(Math.random() * 20 * attempt);
    }
  }
}

const isLostRace = (error: unknown): boolean =>
  error instanceof pg.DatabaseError &&
  ((error.code === 'XX000' && error.message.includes('concurrently')) || error.code === '23505');

/** What Postgres stores for a password (RFC 5803). Made here, so that no statement and no log of the server holds it. */
function scramVerifier(password: string): string {
  if (!/^[\x21-\x7e]+$/.test(password)) {
    // Others would have to be normalized, and drivers differ in that.
    throw new Error('A role needs a password of printable ASCII characters without spaces');
  }
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const key = (name: string) => createHmac('sha256', salted).update(name).digest();
  const storedKey = createHash('sha256').update(key('Client Key')).digest('base64');
  const serverKey = key('Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
