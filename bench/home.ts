import pg from 'pg';
import { MAX_ID, type Id } from '../platform/ids.ts';
import { connectDatabase } from '../platform/postgres.ts';
import { createLog } from '../platform/process/log.ts';
import { createEntryStore } from '../subgraphs/timeline/entry-store.ts';
import { createVisibilityGate } from '../subgraphs/timeline/visibility-gate.ts';
import { createHttpClient } from './http-client.ts';
import { HOME } from './operations.ts';
import { median, percentile } from './percentile.ts';
import type { Stage } from './stage.ts';
import { milliseconds, perSecond, ratio, table } from './table.ts';

const CONNECTIONS = 12;
const READERS = 8;
const ROUNDS = 7;
const ROUND_MS = 2000;
/** What the timeline looks up for a page of 20. */
const CANDIDATES = 52;

/**
 * How many home timelines a second the gateway answers: 20 tweets with authors, counts and viewer flags. Beside it the
 * two limits that it cannot pass: the same server answering next to nothing to the same client, and the one statement
 * of it that has to be.
 */
export async function home({ supergraph, database, signal, signIn }: Stage): Promise<string[]> {
  await using stack = new AsyncDisposableStack();
  const http = stack.adopt(createHttpClient(supergraph.origin, CONNECTIONS), (client) => client.close());
  const timelines = connectDatabase({
    url: database.env.TIMELINE_DATABASE_URL,
    name: 'roost bench',
    max: CONNECTIONS,
    log: createLog('bench'),
  });
  stack.defer(() => timelines.close());
  const gate = createVisibilityGate(timelines.primary);
  const store = createEntryStore(timelines.primary);

  const people = await pickReaders(database.adminUrl);
  const readers: { id: Id; token: string; candidates: Id[] }[] = [];
  for (const { id, username } of people) {
    const token = await signIn(username);
    const newest = { direction: 'down', newerThan: '0', olderThan: MAX_ID, limit: CANDIDATES } as const;
    readers.push({ id, token, candidates: (await store.followedIn(id, newest)).ids });
    const answer = await http.ask({ query: HOME }, token);
    const edges = answer.split('"cursor":').length - 1;
    if (edges !== 20) throw new Error(`The timeline of ${username} has ${edges} of 20 entries.`);
  }
  const reader = (n: number) => readers[n % readers.length] ?? { id: '0', token: '', candidates: [] };

  const subjects = [
    {
      name: 'home timeline through the gateway',
      once: (n: number): Promise<unknown> => http.ask({ query: HOME }, reader(n).token),
    },
    { name: 'GET /health/live of the same server', once: () => http.get('/health/live') },
    {
      name: 'the visibility gate alone, by pg',
      once: (n: number) => gate.pass(reader(n).id, reader(n).candidates),
    },
  ];
  const results = subjects.map(({ name, once }) => ({
    name,
    once,
    rates: [] as number[],
    took: [] as number[],
  }));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { once, rates, took } of results) {
      signal.throwIfAborted();
      const measured = await load(once);
      // The first is the warm-up: lists are built, plans are made.
      if (round === 0) continue;
      rates.push(measured.rate);
      took.push(...measured.took);
    }
  }

  const [timeline, bare, statement] = results.map(({ rates }) => median(rates));
  return [
    `${ratio((timeline ?? NaN) / (bare ?? NaN))} × bare HTTP, ${ratio((timeline ?? NaN) / (statement ?? NaN))} × the gate's statement alone`,
    ...table([
      ['', 'rate', 'p50', 'p99'],
      ...results.map(({ name, rates, took }) => [
        name,
        perSecond(median(rates)),
        milliseconds(median(took)),
        milliseconds(percentile(took, 0.99)),
      ]),
    ]),
    `${CONNECTIONS} connections, ${READERS} people; medians of ${ROUNDS} rounds of ${ROUND_MS / 1000} s, in turn`,
  ];
}

/** As fast as so many connections go, each with one at a time. */
async function load(once: (n: number) => Promise<unknown>) {
  const took: number[] = [];
  const began = performance.now();
  let n = 0;
  const connection = async () => {
    while (performance.now() - began < ROUND_MS) {
      const at = performance.now();
      await once(n++);
      took.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return { rate: (took.length / (performance.now() - began)) * 1000, took };
}

/** From those who follow few to those who follow many. */
async function pickReaders(adminUrl: string): Promise<{ id: Id; username: string }[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: Id; username: string }>(
      `SELECT DISTINCT ON (part) id::text, username FROM (
         SELECT u.id, u.username, ntile($1) OVER (ORDER BY count(*), u.id) AS part
         FROM users.users u JOIN follows.following f ON f.follower_id = u.id GROUP BY u.id, u.username
       ) person ORDER BY part, person.id`,
      [READERS],
    );
    return rows;
  } finally {
    await client.end();
  }
}
