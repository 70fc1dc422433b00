import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lowestIdAt, type Id } from '../../platform/ids.ts';
import { edgeCursor } from './cursors.ts';
import { WHOLE } from './stretch.ts';
import { createWorld, type World } from './world.ts';

describe('how far somebody has read', () => {
  let world: World;
  let ada: Id;
  let bob: Id;
  let tweets: Id[];

  beforeEach(async () => {
    world = await createWorld();
    ada = await world.person('ada');
    bob = await world.person('bob');
    await world.follow(bob, ada);
    tweets = [];
    for (let count = 0; count < 5; count++) tweets.push(await world.post(ada));
    await world.settle();
  });

  afterEach(() => world.stop());

  const move = (id: Id, allowBackward = false) =>
    world.timelines.readPositions.move(bob, edgeCursor(id), { allowBackward });
  const position = async () => {
    const found = await world.timelines.readPositions.of(bob);
    if (found === null) throw new Error('it was never moved');
    return found;
  };

  it('is nothing at first, and moves forward only, unless it is told to move back', async () => {
    const [first = '', second = '', third = ''] = tweets;
    expect(await world.timelines.readPositions.of(bob)).toBeNull();
    expect(await move(second)).toBeNull();
    const { movedAt } = await position();
    await move(first);
    await move(second);
    expect(await position()).toEqual({ viewerId: bob, entryId: second, movedAt });
    await move(third);
    expect(await position()).toMatchObject({ entryId: third });
    await move(first, true);
    expect(await position()).toMatchObject({ entryId: first });
  });

  it('counts what is newer, no further than asked', async () => {
    await move(tweets[1] ?? '');
    const { readPositions } = world.timelines;
    expect(await readPositions.newerCount(await position(), 100)).toBe(3);
    expect(await readPositions.newerCount(await position(), 2)).toBe(2);
    await world.mute(bob, ada);
    expect(await readPositions.newerCount(await position(), 100)).toBe(0);
  });

  it('holds when its entry is gone', async () => {
    const [first = '', second = ''] = tweets;
    await move(second);
    expect(await world.timelines.readPositions.entryAt(await position())).toMatchObject({ id: second });
    await world.remove(second);
    expect(await world.timelines.readPositions.entryAt(await position())).toBeNull();
    await move(first);
    expect(await position()).toMatchObject({ entryId: second });
  });

  it('is told on all devices, once for each move', async () => {
    const { home, live } = world.timelines;
    const { place } = await home.read(bob, { ...WHOLE, limit: 1 });
    const devices = [live.open(bob, place), live.open(bob, place)];
    await move(tweets[3] ?? '');
    for (const device of devices)
      expect((await device.next()).value).toMatchObject({ kind: 'moved', viewerId: bob });
    await move(tweets[3] ?? '');
    const tweet = await world.post(ada);
    await world.settle();
    for (const device of devices)
      expect((await device.next()).value).toMatchObject({ kind: 'added', entries: [{ id: tweet }] });
  });

  it('moves also where nobody can be told', async () => {
    const without = world.connect('redis://127.0.0.1:1');
    expect(
      await without.readPositions.move(bob, edgeCursor(tweets[0] ?? ''), { allowBackward: false }),
    ).toBeNull();
    expect(await position()).toMatchObject({ entryId: tweets[0] });
  });

  it('takes no text that names no entry, and none of tomorrow', async () => {
    const { readPositions } = world.timelines;
    const tomorrow = edgeCursor(lowestIdAt(Date.now() + 24 * 60 * 60 * 1000));
    for (const cursor of ['', 'nonsense', tomorrow, Buffer.from('other 5').toString('base64url')]) {
      expect(await readPositions.move(bob, cursor, { allowBackward: true })).toMatchObject({
        constraint: 'MALFORMED',
        field: ['edgeCursor'],
      });
    }
    expect(await readPositions.of(bob)).toBeNull();
  });

  it('is forgotten with the account, as are its audits, receipts and list', async () => {
    await move(tweets[1] ?? '');
    await world.timelines.audits.audit(bob);
    await world.timelines.home.read(bob, { ...WHOLE, limit: 1 });
    const tweetId = await world.post(bob);
    await world.settle();
    const counts = { audienceCount: 0, reachedCount: 0, reachedLiveCount: 0, awayCount: 0 };
    const receipt = { tweetId, ...counts, p50Ms: null, p99Ms: null, countedAt: new Date() };
    await world.timelines.receiptStore.insert([receipt]);
    const receipts = async () =>
      (await world.admin.query('SELECT FROM timelines.receipts WHERE author_id = $1', [bob])).rowCount;
    expect(await receipts()).toBe(1);
    for (let again = 0; again < 2; again++) await world.timelines.accountDeleted({ userId: bob });
    expect(await world.timelines.readPositions.of(bob)).toBeNull();
    expect(await world.timelines.audits.last(bob)).toBeNull();
    expect(await receipts()).toBe(0);
    const keys = await world.redis.client.keys(`${world.env.REDIS_KEY_PREFIX}tl:*:${bob}`);
    expect(keys).toEqual([]);
  });
});
