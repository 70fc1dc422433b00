import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { idAbove, lowestIdAt, MAX_ID, type Id } from '../../platform/ids.ts';
import { GENERIC_PLANS } from '../../platform/postgres.ts';
import { createEntryStore } from './entry-store.ts';
import { createVisibilityGate } from './visibility-gate.ts';
import { createWorld, type World } from './world.ts';

interface PlanNode {
  'Relation Name'?: string;
  'Actual Loops': number;
  Plans?: PlanNode[];
}

/** Names of the tables of `kind` that a plan looked into. */
const touched = (kind: string, node: PlanNode): string[] => [
  ...(node['Relation Name']?.startsWith(kind) && node['Actual Loops'] > 0 ? [node['Relation Name']] : []),
  ...(node.Plans ?? []).flatMap((child) => touched(kind, child)),
];

describe('the statements of a timeline read', () => {
  let world: World;
  let connection: pg.Pool;
  let bob: Id;
  let tweets: Id[];

  beforeAll(async () => {
    world = await createWorld({ startMs: Date.UTC(2026, 1, 10) });
    const ada = await world.person('ada');
    bob = await world.person('bob');
    await world.follow(bob, ada);
    tweets = [];
    for (let count = 0; count < 5; count++) tweets.unshift(await world.post(ada));
    const retweets: Id[] = [];
    for (const tweet of tweets) retweets.unshift(await world.retweet(bob, tweet));
    tweets.unshift(...retweets);
    // Prepared statements belong to a connection.
    connection = new pg.Pool({
      connectionString: world.env.TIMELINE_DATABASE_URL,
      options: GENERIC_PLANS,
      max: 1,
    });
    // The database is dropped while its goodbye is on the way.
    connection.on('error', () => undefined);
  });

  afterAll(async () => {
    await connection.end();
    await world.stop();
  });

  const planOf = async (name: string, values: string): Promise<PlanNode> => {
    const { rows } = await connection.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE "${name}"(${values})`,
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    if (plan === undefined) throw new Error('no plan');
    return plan;
  };
  const array = (ids: Id[]) => `'{${ids.join(',')}}'`;

  it('look only into the quarter of the entries, and the part of the viewer', async () => {
    const gate = createVisibilityGate(connection);
    const store = createEntryStore(connection);
    const [newest = '', oldest = ''] = [tweets[0], tweets.at(-1)];
    await gate.pass(bob, tweets);
    await gate.judge([{ viewerId: bob, entryId: newest, tweetId: oldest }]);
    const bounds = {
      newerThan: lowestIdAt(Date.UTC(2026, 1, 9)),
      olderThan: lowestIdAt(Date.UTC(2026, 1, 11)),
    };
    await store.followedIn(bob, { direction: 'down', ...bounds, limit: 20 });

    const plans = [
      await planOf('gate-pass', `${bob}, ${array(tweets)}, ${oldest}, ${newest}`),
      await planOf(
        'gate-judge',
        `${array([bob])}, ${array([newest])}, ${newest}, ${newest}, ${array([oldest])}`,
      ),
      await planOf('entries-followed-down', `${bob}, ${bounds.newerThan}, ${bounds.olderThan}, 20`),
    ];
    for (const plan of plans) {
      expect(new Set(touched('entries', plan))).toEqual(new Set(['entries_2026q1']));
      expect(new Set(touched('following', plan)).size).toBe(1);
    }
  });

  it('tell apart one entry on two pages, one of them as of before others retweeted it', async () => {
    const [cyd, dan, eve] = [await world.person('cyd'), await world.person('dan'), await world.person('eve')];
    for (const followed of [cyd, eve]) await world.follow(bob, followed);
    const tweetId = await world.post(dan);
    const id = await world.retweet(cyd, tweetId);
    await world.retweet(eve, tweetId);
    const pages = [idAbove(id), MAX_ID].map((olderThan) => ({ id, tweetId, olderThan }));
    expect(await createVisibilityGate(connection).alsoRetweetedBy(bob, pages)).toEqual([[], [eve]]);
  });
});
