import { Redis } from 'ioredis';
import inspector from 'node:inspector';
import { freePort } from '../engines/ports.ts';
import { readSavedOperations } from '../gateway/playground/saved-operations.ts';
import type { Viewer } from '../subgraphs/viewer.ts';
import { countingStatements, startWhole, type Whole } from '../tests/whole-in-process.ts';
import { compare } from './compare.ts';
import { pickPeople } from './people.ts';
import { profileWhile } from './profile.ts';
import type { Stage } from './stage.ts';
import { ratio } from './table.ts';
import { withUserCache } from './user-cache.ts';

const CONNECTIONS = 8;
const READERS = 8;
const ROUNDS = 5;
const ROUND_MS = 2000;

/**
 * Where the time of a home page and of a profile goes, in this process and without HTTP; and what it would bring to keep
 * accounts in Redis beside the gateway.
 */
export async function reads({ database, signal }: Stage): Promise<string[]> {
  await using stack = new AsyncDisposableStack();
  const redis = stack.adopt(new Redis(database.env.REDIS_URL), (client) => client.disconnect());
  const plain = stack.adopt(await startWhole(database.env), (whole) => whole.stop());
  const cached = stack.adopt(
    await startWhole(database.env, (name, source) =>
      name === 'user' ? withUserCache(source, redis, `${database.env.REDIS_KEY_PREFIX}users:`) : source,
    ),
    (whole) => whole.stop(),
  );
  const people = await pickPeople(database.adminUrl, READERS);
  const viewers: Viewer[] = people.map(({ id }) => ({ userId: id, sessionId: '1' }));
  const saved = new Map(
    readSavedOperations().flatMap(({ screen, name, text }) =>
      screen === 'First steps' ? [] : [[name, text]],
    ),
  );

  const page = (name: string, variables: (n: number) => object) => {
    const text = saved.get(name) ?? '';
    return (whole: Whole) => async (n: number) => {
      const { errors } = await whole.run(text, variables(n), viewers[n % viewers.length]);
      if (errors) throw new Error(`${name}: ${errors.map(({ message }) => message).join(' ')}`);
    };
  };
  const pages = {
    home: page('Home', () => ({ first: 20 })),
    profile: page('Profile', (n) => ({ username: people[(n + 1) % people.length]?.username })),
  };
  const { rates, lines } = await compare(
    Object.entries(pages).flatMap(([name, of]) => [
      { name, once: of(plain) },
      { name: `${name}, accounts kept in Redis`, once: of(cached) },
    ]),
    { connections: CONNECTIONS, rounds: ROUNDS, roundMs: ROUND_MS, signal },
  );
  const [home = NaN, cachedHome = NaN, profile = NaN, cachedProfile = NaN] = rates;

  const port = await freePort([]);
  inspector.open(port, '127.0.0.1');
  stack.defer(() => inspector.close());
  const reports: string[] = [];
  for (const [name, of] of Object.entries(pages)) {
    const { count } = await countingStatements(() => of(plain)(0));
    const once = of(plain);
    const profiled = await profileWhile(port, async () => {
      for (let n = 0; n < 200; n++) await once(n);
    });
    reports.push(`${name}: ${count} statements; one after another ${profiled[0]}`, ...profiled.slice(1));
  }
  return [
    `with accounts in Redis, a home page ${ratio(cachedHome / home)} ×, a profile ${ratio(cachedProfile / profile)} ×`,
    ...lines,
    ...reports,
  ];
}
