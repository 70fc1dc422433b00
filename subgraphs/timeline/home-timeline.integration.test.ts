import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { madeAt, MAX_ID, type Id } from '../../platform/ids.ts';
import { timelineKeys } from './buckets.ts';
import { firstIdAfter } from './cursors.ts';
import { randomHistory, seeded } from './random-history.ts';
import { WHOLE } from './stretch.ts';
import { createWorld, type World } from './world.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const PEOPLE = 12;

describe('home timelines over a long random history', () => {
  const random = seeded(20261121);
  const shuffled = <T>(all: T[]): T[] =>
    all
      .map((each) => ({ each, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ each }) => each);
  let world: World;
  let people: Id[];
  let act: () => Promise<void>;

  beforeAll(async () => {
    // Long ago, so that the history spans quarters; lists so short that most pages cross their floor.
    world = await createWorld({ startMs: Date.UTC(2025, 3, 1), size: { kept: 25, slack: 5 } });
    people = [];
    for (let at = 0; at < PEOPLE; at++) people.push(await world.person(`person${at}`));
    // Somebody whom nearly everybody follows needs chunks; somebody follows nobody.
    for (const person of people.slice(1, -1)) await world.follow(person, people[0] ?? '');
    const deed = randomHistory(world, people, random, { loner: people.at(-1) });
    act = async () => {
      world.wait(random() < 0.1 ? random() * 4 * DAY_MS : random() * 4 * HOUR_MS);
      await deed();
    };
  }, 60_000);

  afterAll(() => world.stop());

  async function expectAllEqual(timelines = world.timelines): Promise<void> {
    for (const person of people) {
      const wanted = await world.definition(person);
      for (const direction of ['down', 'up'] as const) {
        for (const limit of [3, 20]) {
          expect(await world.readAll(person, { direction, limit }, timelines)).toEqual(wanted);
        }
      }
    }
  }

  it('equal their definition after every burst, whatever way they are paged', async () => {
    for (let burst = 0; burst < 8; burst++) {
      for (let deeds = 0; deeds < 70; deeds++) await act();
      await world.settle();
      await expectAllEqual();
    }
  }, 120_000);

  it('say of each tweet where it stands, and say that it is shown where it is', async () => {
    const { placements } = world.timelines;
    const entries = await world.admin.query<{ id: Id; tweet_id: Id }>(
      'SELECT id, tweet_id FROM tweets.entries',
    );
    const tweetOf = new Map(entries.rows.map((row) => [row.id, row.tweet_id]));
    const tweetIds = [...new Set(tweetOf.values())];
    const verdicts = new Set<string>();
    for (const person of people) {
      const newest = new Map<Id, Id>();
      for (const id of await world.definition(person)) {
        const tweetId = tweetOf.get(id) ?? '';
        if (!newest.has(tweetId)) newest.set(tweetId, id);
      }
      const found = await placements.of(person, tweetIds);
      const shown = found.flatMap(({ entry }) =>
        entry === null ? [] : [[entry.tweetId, entry.id] as const],
      );
      expect(new Map(shown)).toEqual(newest);
      for (const { verdict, entry } of found) {
        verdicts.add(verdict);
        expect(entry !== null).toBe(verdict === 'SHOWN' || verdict === 'SHOWN_EARLIER');
      }
    }
    expect(verdicts.size).toBeGreaterThan(6);
  }, 60_000);

  it('are found exact by audits', async () => {
    for (const person of people) {
      const wanted = await world.definition(person);
      const finding = await world.timelines.audits.audit(person);
      expect(finding).toMatchObject({ missingCount: 0, surplusCount: 0, isExact: true, repairedAt: null });
      expect(finding.comparedCount).toBeGreaterThanOrEqual(Math.min(wanted.length, 1));
      const { rowCount } = await world.admin.query('SELECT FROM user_published.accounts WHERE id = $1', [
        person,
      ]);
      // Nothing is written down of who is gone, perhaps for good.
      expect(await world.timelines.audits.last(person)).toEqual(rowCount === 1 ? finding : null);
    }
  }, 60_000);

  it('are still equal when Redis lost everything, at once and when they are rebuilt', async () => {
    await world.loseRedis();
    await expectAllEqual();
    await world.settle();
    await expectAllEqual();
  }, 120_000);

  it('are still equal when every event comes again, twice and in any order', async () => {
    await world.replay((events) => [...events, ...events]);
    await expectAllEqual();
    await world.replay(shuffled);
    await expectAllEqual();
  }, 120_000);

  it('are still equal without Redis', async () => {
    const without = world.connect('redis://127.0.0.1:1');
    await expectAllEqual(without);
  }, 120_000);

  it('are what they were at an earlier moment, judged by whom one follows now', async () => {
    const moment = new Date(madeAt([...world.tweets.keys()].at(-60) ?? '0'));
    for (const person of people) {
      const wanted = await world.definition(person, moment);
      const { entries } = await world.timelines.home.read(person, {
        ...WHOLE,
        olderThan: firstIdAfter(moment),
        limit: wanted.length + 1,
      });
      expect(entries.map(({ id }) => id)).toEqual(wanted);
    }
  });

  it('cost the same number of statements for a small page and a large one', async () => {
    const [writer, reader] = [await world.person('writer'), await world.person('reader')];
    await world.follow(reader, writer);
    for (let count = 0; count < 25; count++) await world.post(writer);
    await world.timelines.home.read(reader, { ...WHOLE, limit: 20 });
    await world.settle();
    const costs: number[] = [];
    for (const limit of [5, 20]) {
      costs.push(await world.countStatements(() => world.timelines.home.read(reader, { ...WHOLE, limit })));
    }
    // The viewer's own entries, and the gate.
    expect(costs).toEqual([2, 2]);
  });
});

describe('a home timeline', () => {
  let world: World;
  let ada: Id;
  let bob: Id;
  let cyd: Id;

  beforeEach(async () => {
    world = await createWorld({ startMs: Date.now() - 10 * DAY_MS });
    ada = await world.person('ada');
    bob = await world.person('bob');
    cyd = await world.person('cyd');
    await world.follow(bob, ada);
    await world.settle();
  });

  afterEach(() => world.stop());

  const read = async (viewerId = bob) =>
    (await world.timelines.home.read(viewerId, { ...WHOLE, limit: 21 })).entries;
  const idsOf = async (viewerId = bob) => (await read(viewerId)).map(({ id }) => id);
  /** So that the next read has a list. */
  const warmUp = async (viewerId = bob) => {
    await read(viewerId);
    await world.settle();
  };

  it('loses an account at the very next read after unfollowing, before any event is handled', async () => {
    const tweet = await world.post(ada);
    await warmUp();
    expect(await idsOf()).toEqual([tweet]);
    await world.unfollow(bob, ada);
    expect(await idsOf()).toEqual([]);
  });

  it('has the past of an account at the very next read after following, before any event is handled', async () => {
    const [first, second] = [await world.post(cyd), await world.post(cyd)];
    await warmUp();
    await world.follow(bob, cyd);
    expect(await idsOf()).toEqual([second, first]);
    await world.settle();
    const again = await read();
    expect(again.map(({ id, path }) => [id, path])).toEqual([
      [second, 'BACKFILLED'],
      [first, 'BACKFILLED'],
    ]);
  });

  it('has what came while one did not follow, also when nothing else changed meanwhile', async () => {
    await warmUp();
    await world.unfollow(bob, ada);
    const missed = await world.post(ada);
    await world.settle();
    await world.follow(bob, ada);
    expect(await idsOf()).toEqual([missed]);
    await world.settle();
    expect(await idsOf()).toEqual([missed]);
  });

  it('loses a deleted tweet and an undone retweet before any event is handled', async () => {
    const tweet = await world.post(cyd);
    const other = await world.post(ada);
    await world.retweet(ada, tweet);
    await world.settle();
    await warmUp();
    expect(await read()).toHaveLength(2);
    await world.undo(world.retweets[0] ?? { entryId: '', tweetId: '', retweeterId: '' });
    await world.remove(other);
    expect(await idsOf()).toEqual([]);
  });

  it('shows a tweet again by a retweet after a day, and not before', async () => {
    const tweet = await world.post(ada);
    await world.follow(bob, cyd);
    world.wait(23 * HOUR_MS);
    await world.retweet(cyd, tweet);
    await world.settle();
    expect(await idsOf()).toEqual([tweet]);
    await world.undo(world.retweets[0] ?? { entryId: '', tweetId: '', retweeterId: '' });
    world.wait(2 * HOUR_MS);
    const back = await world.retweet(cyd, tweet);
    await world.settle();
    expect(await idsOf()).toEqual([back, tweet]);
  });

  it('names the others whose retweets were left out for the first', async () => {
    const stranger = await world.person('dan');
    const eve = await world.person('eve');
    for (const followed of [cyd, eve]) await world.follow(bob, followed);
    const tweet = await world.post(stranger);
    const first = await world.retweet(ada, tweet);
    world.wait(20 * HOUR_MS);
    for (const also of [bob, cyd]) await world.retweet(also, tweet);
    world.wait(20 * HOUR_MS);
    await world.retweet(eve, tweet);
    await world.settle();
    const entries = [{ id: first, tweetId: tweet, olderThan: MAX_ID }];
    expect(await idsOf()).toEqual([first]);
    expect(await world.timelines.gate.alsoRetweetedBy(bob, entries)).toEqual([[cyd, eve]]);
    world.wait(25 * HOUR_MS);
    const dan = await world.retweet(stranger, tweet);
    await world.follow(bob, stranger);
    expect(await idsOf()).toEqual([dan, tweet]);
  });

  it('has the own tweet at once, and those of others when they are delivered', async () => {
    await warmUp();
    const [own, other] = [await world.post(bob), await world.post(ada)];
    expect(await idsOf()).toEqual([own]);
    await world.settle();
    const entries = await read();
    expect(entries.map(({ id }) => id)).toEqual([other, own]);
  });

  it('is never empty while its list is lost, being built, or half built', async () => {
    const tweet = await world.post(ada);
    await warmUp();
    const reads = Array.from({ length: 40 }, async (_, at) => {
      if (at % 7 === 3) await world.loseRedis();
      return await idsOf();
    });
    for (const found of await Promise.all(reads)) expect(found).toEqual([tweet]);
  });

  it('keeps what is pushed while its list is being built', async () => {
    const older = await world.post(ada);
    const { lists } = world;
    expect(await lists.beginBuilding(bob, 'token', false)).toBe(true);
    expect(await lists.beginBuilding(bob, 'another', false)).toBe(false);
    const newer = await world.post(ada);
    await world.settle();
    const built = { floor: '0', stamp: '7', builtAtMs: 0, ids: [older] };
    expect(await lists.finishBuilding(bob, 'another', built)).toBe(false);
    expect(await lists.finishBuilding(bob, 'token', built)).toBe(true);
    const { slice } = await lists.look(bob, { ...WHOLE, limit: 10 });
    expect(slice).toEqual({ ...built, ids: [newer, older] });
  });

  it('goes on from Postgres below the floor of its list, without a seam', async () => {
    const wanted: Id[] = [];
    for (let count = 0; count < 30; count++) wanted.unshift(await world.post(ada));
    await warmUp();
    const { lists } = world;
    await world.loseRedis();
    const { slice } = await lists.look(bob, { ...WHOLE, limit: 1 });
    expect(slice).toBeNull();
    await lists.beginBuilding(bob, 'token', false);
    const stamp = (await world.timelines.gate.pass(bob, [])).stamp;
    await lists.finishBuilding(bob, 'token', {
      floor: wanted[12] ?? '',
      stamp,
      builtAtMs: Date.now(),
      ids: wanted.slice(0, 13),
    });
    for (const limit of [4, 20, 40]) expect(await world.readAll(bob, { limit })).toEqual(wanted);
    for (const limit of [4, 20]) expect(await world.readAll(bob, { limit, direction: 'up' })).toEqual(wanted);
  });

  it('is that of the final edges after follows, unfollows, posts, reads and events all raced', async () => {
    const authors = [ada, cyd, await world.person('dan')];
    const deeds = authors.flatMap((author) => [
      async () => {
        for (let at = 0; at < 25; at++) await (at % 2 === 0 ? world.follow : world.unfollow)(bob, author);
      },
      async () => {
        for (let at = 0; at < 15; at++) await world.post(author);
      },
    ]);
    let done = false;
    const whileBusy = async (work: () => Promise<unknown>) => {
      while (!done) await work();
    };
    const others = [
      whileBusy(() => world.settle()),
      whileBusy(() => world.settle()),
      whileBusy(() => idsOf()),
      whileBusy(() => idsOf()),
    ];
    await Promise.all(deeds.map((deed) => deed()));
    done = true;
    await Promise.all(others);
    await world.settle();
    const wanted = await world.definition(bob);
    expect(wanted).toHaveLength(45);
    for (let reads = 0; reads < 3; reads++) {
      expect(await world.readAll(bob)).toEqual(wanted);
      await world.settle();
    }
  });

  it('is read from Postgres while Redis hangs, and from its list again afterwards', async () => {
    const port = await world.redisThroughPort();
    await port.open();
    const { home } = world.connect(port.url, { isHasty: true });
    const tweet = await world.post(ada);
    await warmUp();
    const readOnce = () => home.read(bob, { ...WHOLE, limit: 21 });
    const readUntil = async (reachesRedis: boolean) => {
      for (;;) {
        const { entries, place } = await readOnce();
        expect(entries.map(({ id }) => id)).toEqual([tweet]);
        if ((place !== null) === reachesRedis) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await readUntil(true);
    port.freeze();
    await readUntil(false);
    port.thaw();
    await readUntil(true);
    await port.close();
  });

  it('is not trusted to a Redis that was restarted with an old past', async () => {
    const tweet = await world.post(ada);
    await warmUp();
    const { client } = world.redis;
    const key = timelineKeys(world.env.REDIS_KEY_PREFIX).list(bob);
    const text = (await client.lindex(key, -1)) ?? '';
    await client.lset(key, -1, text.replace(/^\w+/, '0123456789ab'));
    await client.lrem(key, 1, tweet);
    expect(await idsOf()).toEqual([tweet]);
  });
});
