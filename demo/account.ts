import pg from 'pg';
import type { Id } from '../platform/ids.ts';
import { DEMO_WORKER } from './people.ts';

/** What the README tells people to sign in with; every demo person has the password. */
export const DEMO_USERNAME = 'ada';
export const DEMO_PASSWORD = 'roost-demo';

/** Whether somebody who knows the README could sign in. */
export async function hasDemoAccounts(adminUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ here: boolean }>(
      'SELECT EXISTS (SELECT FROM users.email_claims WHERE email = $1) AS here',
      [`${DEMO_USERNAME}@example.com`],
    );
    return rows[0]?.here === true;
  } finally {
    await client.end();
  }
}

/**
 * The demo people, who are told from others by the worker number in their ids, and from each other by nothing else.
 * @param databaseUrl of any subgraph: all may read which accounts there are.
 */
export async function demoPeople(databaseUrl: string): Promise<Id[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: Id }>(
      'SELECT id FROM user_published.accounts WHERE (id >> 12) & 1023 = $1 ORDER BY id',
      [DEMO_WORKER],
    );
    return rows.map((row) => row.id);
  } finally {
    await client.end();
  }
}
