import pg from 'pg';
import { until } from './until.ts';

/**
 * How many rows each table of a database has, once its outboxes are empty and its mails sent: what is written is also
 * told, sooner or later, and a mail makes the row of its link. To compare before with after; so without what a chore
 * counts anew each minute, whoever asks for what.
 */
export async function rowCounts(adminUrl: string): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(`
      SELECT format('%I.%I', nspname, relname) AS name
      FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
      WHERE nspname IN ('users', 'tweets', 'follows') AND relkind IN ('r', 'p') AND NOT relispartition
        AND relname <> 'popular_accounts'`);
    const counts = tables.map(({ name }) => `(SELECT count(*)::int FROM ${name}) AS "${name}"`);
    return await until('nothing waits to be told', async () => {
      const { rows } = await client.query<Record<string, number>>(`SELECT ${counts.join(', ')}`);
      const [row = {}] = rows;
      const waiting = Object.entries(row).filter(([name]) => /\.outbox$|^users\.mails$/.test(name));
      return waiting.every(([, count]) => count === 0) && row;
    });
  } finally {
    await client.end();
  }
}
