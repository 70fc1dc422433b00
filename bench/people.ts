import pg from 'pg';
import type { Id } from '../platform/ids.ts';

export interface DemoPerson {
  id: Id;
  username: string;
}

/** So many of the demo people, from those who follow few to those who follow many. */
export async function pickPeople(adminUrl: string, count: number): Promise<DemoPerson[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<DemoPerson>(
      `SELECT DISTINCT ON (part) id::text, username FROM (
         SELECT u.id, u.username, ntile($1) OVER (ORDER BY count(*), u.id) AS part
         FROM users.users u JOIN follows.following f ON f.follower_id = u.id GROUP BY u.id, u.username
       ) person ORDER BY part, person.id`,
      [count],
    );
    return rows;
  } finally {
    await client.end();
  }
}
