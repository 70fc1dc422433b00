import pg from 'pg';

/** Whether somebody who knows the README could sign in: demo accounts have addresses that nobody else can own. */
export async function hasDemoAccounts(adminUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ here: boolean }>(
      `SELECT EXISTS (SELECT FROM users.email_claims WHERE email = 'ada@example.com') AS here`,
    );
    return rows[0]?.here === true;
  } finally {
    await client.end();
  }
}
