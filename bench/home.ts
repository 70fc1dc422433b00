import { MAX_ID, type Id } from '../platform/ids.ts';
import { connectDatabase } from '../platform/postgres.ts';
import { createLog } from '../platform/process/log.ts';
import { createEntryStore } from '../subgraphs/timeline/entry-store.ts';
import { createVisibilityGate } from '../subgraphs/timeline/visibility-gate.ts';
import { compare } from './compare.ts';
import { createHttpClient } from './http-client.ts';
import { HOME } from './operations.ts';
import { pickPeople } from './people.ts';
import type { Stage } from './stage.ts';
import { ratio } from './table.ts';

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

  const people = await pickPeople(database.adminUrl, READERS);
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
  const { rates, lines } = await compare(subjects, {
    connections: CONNECTIONS,
    rounds: ROUNDS,
    roundMs: ROUND_MS,
    signal,
  });
  const [timeline = NaN, bare = NaN, statement = NaN] = rates;
  return [
    `${ratio(timeline / bare)} × bare HTTP, ${ratio(timeline / statement)} × the gate's statement alone`,
    ...lines,
    `${READERS} people`,
  ];
}
