import pg from 'pg';

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
