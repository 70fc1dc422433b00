import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { madeAt, type Id } from '../../platform/ids.ts';
import { auditSome } from './audit-rounds.ts';
import { bucketOf, timelineKeys } from './buckets.ts';
import { ON_THE_WAY_MS } from './tweet-delivery.ts';
import { WHOLE } from './stretch.ts';
import { createWorld, type World } from './world.ts';

describe('an audit of a home timeline', () => {
  let world: World;
  let ada: Id;
  let bob: Id;

  beforeEach(async () => {
    world = await createWorld();
    ada = await world.person('ada');
    bob = await world.person('bob');
    await world.follow(bob, ada);
    await look();
  });

  afterEach(() => world.stop());

  const look = async () => {
    const { entries, place } = await world.timelines.home.read(bob, { ...WHOLE, limit: 20 });
    await world.settle();
    return { ids: entries.map(({ id }) => id), place };
  };
  const audit = () => world.timelines.audits.audit(bob);
  const dropFromList = (id: Id) =>
    world.redis.client.lrem(timelineKeys(world.env.REDIS_KEY_PREFIX).list(bob), 1, id);

  it('finds what a list lacks, builds it anew, and tells those who look on', async () => {
    const tweets = [await world.post(ada), await world.post(bob), await world.post(ada)].toReversed();
    await world.settle();
    const { place } = await look();
    expect(await dropFromList(tweets[2] ?? '')).toBe(1);
    expect((await look()).ids).toEqual(tweets.slice(0, 2));
    const stream = world.timelines.live.open(bob, place);
    expect(await audit()).toMatchObject({
      comparedCount: 3,
      missingCount: 1,
      surplusCount: 0,
      isExact: false,
      repairedAt: expect.any(Date),
    });
    expect((await look()).ids).toEqual(tweets);
    expect((await stream.next()).value).toMatchObject({ kind: 'reset', cause: 'REBUILT' });
    expect(await audit()).toMatchObject({ comparedCount: 3, isExact: true, repairedAt: null });
  });

  it('does not miss what is on its way', async () => {
    const tweet = await world.post(ada);
    expect(await world.timelines.placements.of(bob, [tweet])).toMatchObject([{ verdict: 'ON_ITS_WAY' }]);
    expect(await audit()).toMatchObject({ comparedCount: 0, missingCount: 0, isExact: true });
    await world.settle();
    expect(await world.timelines.placements.of(bob, [tweet])).toMatchObject([{ verdict: 'SHOWN' }]);
    expect(await audit()).toMatchObject({ comparedCount: 1, isExact: true });
  });

  it('compares what Postgres serves where there is no list', async () => {
    const tweet = await world.post(ada);
    await world.settle();
    await world.loseRedis();
    expect(await audit()).toMatchObject({ comparedCount: 1, isExact: true });
    expect((await look()).ids).toEqual([tweet]);
  });

  it('looks no further than the list reaches', async () => {
    await world.stop();
    world = await createWorld({ startMs: Date.now() - 2 * ON_THE_WAY_MS, size: { kept: 4, slack: 2 } });
    ada = await world.person('ada');
    bob = await world.person('bob');
    await world.follow(bob, ada);
    for (let count = 0; count < 12; count++) await world.post(ada);
    const { ids } = await look();
    await look();
    expect(await audit()).toMatchObject({ comparedCount: 4, isExact: true });
    // Old enough that no receipt is needed to know it missing.
    expect(Date.now() - madeAt(ids[1] ?? '')).toBeGreaterThan(ON_THE_WAY_MS);
    await dropFromList(ids[1] ?? '');
    expect(await audit()).toMatchObject({ comparedCount: 4, missingCount: 1, repairedAt: expect.any(Date) });
  });

  it('comes to everybody who looked of late, once a day', async () => {
    const { rounds } = world.timelines;
    const bucket = bucketOf(bob);
    expect(await auditSome(rounds, bucket)).toBe(1);
    expect(await world.timelines.audits.last(bob)).toMatchObject({ isExact: true });
    expect(await auditSome(rounds, bucket)).toBe(0);
    const tomorrow = Date.now() + 25 * 60 * 60 * 1000;
    expect(await auditSome({ ...rounds, now: () => tomorrow }, bucket)).toBe(1);
  });
});
