import pg from 'pg';
import { inventFollows } from './graph.ts';
import { inventKeepsakes } from './keepsakes.ts';
import { inventPeople } from './people.ts';
import { createRandom } from './random.ts';
import { inventTies } from './ties.ts';
import { inventEntries } from './tweets.ts';
import { writeGraph } from './write-graph.ts';
import { writePeople } from './write-people.ts';
import { writeTweets } from './write-tweets.ts';

const SEED = 20261121;
const HOUR_MS = 3_600_000;

export interface DemoOptions {
  /** The superuser's: the demo writes into the tables of three subgraphs. */
  adminUrl: string;
  people?: number;
  tweets?: number;
  /** Moves with the hour of the first load, so that the newest tweets are always of today. */
  now?: number;
}

/** All that the demo has. The same seed and hour give the same people, ids and words. */
export function inventDemo({
  seed = SEED,
  people: count,
  tweets,
  anchorMs,
}: {
  seed?: number;
  people: number;
  tweets: number;
  anchorMs: number;
}) {
  const random = createRandom(seed);
  const people = inventPeople(count, anchorMs, random);
  const followed = inventFollows(people, random);
  const ties = inventTies(people, followed, random);
  const entries = inventEntries(people, followed, tweets, anchorMs, random);
  return { people, followed, ties, entries, keepsakes: inventKeepsakes(people, entries, random) };
}

/**
 * Loads the demo graph into an instance that has no accounts yet, all or nothing. Null when there are accounts: the
 * demo, from an earlier start, or somebody's own.
 */
export async function loadDemo({ adminUrl, people = 500, tweets = 20_000, now = Date.now() }: DemoOptions) {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('roost demo'))`);
    const { rows } = await client.query<{ taken: boolean }>(
      'SELECT EXISTS (SELECT FROM users.users) AS taken',
    );
    if (rows[0]?.taken === true) return null;

    const anchorMs = Math.floor(now / HOUR_MS) * HOUR_MS;
    const demo = inventDemo({ people, tweets, anchorMs });
    await writePeople(client, demo.people);
    const follows = await writeGraph(client, demo.people, demo.followed, demo.ties, anchorMs);
    const likes = await writeTweets(client, demo.people, demo.entries, demo.keepsakes);
    await client.query('COMMIT');
    // Without statistics the planner takes twenty thousand rows for none.
    await client.query('ANALYZE');
    return { people: demo.people.length, follows, entries: demo.entries.length, likes };
  } finally {
    await client.end();
  }
}
