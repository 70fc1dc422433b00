import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newestFirst, type Id } from '../../platform/ids.ts';
import type { LogPlace } from '../../platform/live-log/live-log.ts';
import { until as caughtUp } from '../../tests/until.ts';
import type { LiveEvent } from './live-event.ts';
import type { LiveStream } from './live-stream.ts';
import { randomHistory, seeded } from './random-history.ts';
import { WHOLE } from './stretch.ts';
import { createWorld, type World } from './world.ts';

const QUARTER_HOUR_MS = 15 * 60 * 1000;

describe('a live home timeline', () => {
  let world: World;
  let ada: Id;
  let bob: Id;
  let streams: LiveStream[];

  beforeEach(async () => {
    world = await createWorld({ startMs: Date.now() - QUARTER_HOUR_MS });
    ada = await world.person('ada');
    bob = await world.person('bob');
    await world.follow(bob, ada);
    await world.settle();
    streams = [];
  });

  afterEach(() => world.stop());

  const open = (viewerId: Id, after: LogPlace | null) => {
    const stream = world.timelines.live.open(viewerId, after);
    streams.push(stream);
    return stream;
  };
  const page = async (viewerId = bob) => {
    const { entries, place } = await world.timelines.home.read(viewerId, { ...WHOLE, limit: 20 });
    if (place === null) throw new Error('Redis is away');
    return { ids: entries.map(({ id }) => id), place };
  };
  const next = async (stream: LiveStream): Promise<LiveEvent> => {
    const { value } = await stream.next();
    if (!value) throw new Error('the stream has ended');
    return value;
  };
  const told = (event: LiveEvent) =>
    event.kind === 'added' || event.kind === 'removed'
      ? [event.kind, event.entries.map(({ id }) => id)]
      : [event.kind];
  /** The happenings up to and including the first that `isLast`. */
  const until = async (stream: LiveStream, isLast: (event: LiveEvent) => boolean) => {
    const events: LiveEvent[] = [];
    do events.push(await next(stream));
    while (!events.some(isLast));
    return events;
  };
  const tells = (id: Id) => (event: LiveEvent) =>
    event.kind === 'added' && event.entries.some((entry) => entry.id === id);

  it('tells followers and the author of a tweet, and of its end', async () => {
    const follower = open(bob, (await page()).place);
    const author = open(ada, (await page(ada)).place);
    const tweet = await world.post(ada);
    await world.settle();
    for (const stream of [follower, author]) expect(told(await next(stream))).toEqual(['added', [tweet]]);
    await world.remove(tweet);
    await world.settle();
    for (const stream of [follower, author]) expect(told(await next(stream))).toEqual(['removed', [tweet]]);
  });

  it('goes on behind the cursor of a page or of an event: nothing missed, nothing twice', async () => {
    const { place } = await page();
    const first = await world.post(ada);
    await world.settle();
    const stream = open(bob, place);
    const event = await next(stream);
    expect(told(event)).toEqual(['added', [first]]);
    await stream.return();

    const missed = [await world.post(ada), await world.post(ada)];
    await world.settle();
    const resumed = open(bob, event.place);
    const live = await world.post(ada);
    await world.settle();
    const events = await until(resumed, tells(live));
    expect(events.flatMap((each) => (each.kind === 'added' ? each.entries.map(({ id }) => id) : []))).toEqual(
      expect.arrayContaining([...missed, live]),
    );
    expect(events.flatMap((each) => (each.kind === 'added' ? each.entries : []))).toHaveLength(3);
  });

  it('tells two streams of one person the same', async () => {
    const { place } = await page();
    const [one, two] = [open(bob, place), open(bob, place)];
    const tweet = await world.post(ada);
    await world.settle();
    expect(told(await next(one))).toEqual(['added', [tweet]]);
    expect(told(await next(two))).toEqual(['added', [tweet]]);
  });

  it('does not tell of what the viewer may not see, or may not see any more', async () => {
    const cyd = await world.person('cyd');
    const stranger = await world.post(cyd);
    const stream = open(bob, (await page()).place);
    await world.post(ada, stranger);
    const unfollowed = await world.post(ada);
    await world.unfollow(bob, ada);
    await world.follow(bob, cyd);
    const seen = await world.post(cyd);
    await world.settle();
    const events = await until(stream, ({ kind }) => kind === 'reset');
    while (!events.some(tells(seen))) events.push(await next(stream));
    expect(events.some(tells(unfollowed))).toBe(false);
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['reset', 'added']));
  });

  it('tells nothing of whom the viewer has blocked, muted or hidden since it was posted', async () => {
    const cyd = await world.person('cyd');
    const dan = await world.person('dan');
    for (const followed of [cyd, dan]) await world.follow(bob, followed);
    await world.settle();
    const liked = await world.post(await world.person('eve'));
    await world.settle();
    const stream = open(bob, (await page()).place);
    const hidden = [await world.post(ada), await world.post(cyd), await world.retweet(dan, liked)];
    await world.block(ada, bob);
    await world.mute(bob, cyd);
    await world.hideRetweets(bob, dan);
    const seen = await world.post(dan);
    await world.settle();
    const events = await until(stream, tells(seen));
    for (const cause of ['FOLLOWS_CHANGED', 'FILTERS_CHANGED'])
      while (!events.some((event) => event.kind === 'reset' && event.cause === cause))
        events.push(await next(stream));
    for (const entry of hidden) expect(events.some(tells(entry))).toBe(false);
  });

  it('tells nothing of whom the viewer has muted, also when it waited for the reader', async () => {
    const cyd = await world.person('cyd');
    await world.follow(bob, cyd);
    await world.settle();
    const { place } = await page();
    const [slow, quick] = [open(bob, place), open(bob, place)];
    const muted = await world.post(ada);
    await world.settle();
    await until(quick, tells(muted));
    const seen = await world.post(cyd);
    await world.settle();
    await until(quick, tells(seen));
    await world.mute(bob, ada);
    const events = await until(slow, tells(seen));
    expect(events.some(tells(muted))).toBe(false);
  });

  it('tells followers of an account that went and came back, and others of retweets of it', async () => {
    const cyd = await world.person('cyd');
    await world.follow(cyd, bob);
    const tweet = await world.post(ada);
    const retweet = await world.retweet(bob, tweet);
    await world.settle();
    const [follower, other] = [open(bob, (await page()).place), open(cyd, (await page(cyd)).place)];
    await world.deactivate(ada);
    await world.settle();
    // Bob's own retweet goes, too: behind the reset, or before it where they come together.
    const reset = await until(follower, ({ kind }) => kind === 'reset');
    expect(reset.at(-1)).toMatchObject({ cause: 'AUTHOR_CHANGED' });
    expect(told(await next(other))).toEqual(['removed', [retweet]]);
    await world.comeBack(ada);
    await world.settle();
    expect(told(await next(other))).toEqual(['added', [retweet]]);
  });

  it('brings a retweet back when the earlier one is undone', async () => {
    const cyd = await world.person('cyd');
    const dan = await world.person('dan');
    await world.follow(bob, cyd);
    const tweet = await world.post(dan);
    const first = await world.retweet(ada, tweet);
    await world.settle();
    const stream = open(bob, (await page()).place);
    const second = await world.retweet(cyd, tweet);
    await world.settle();
    await world.undo(world.retweets[0] ?? { entryId: '', tweetId: '', retweeterId: '' });
    await world.settle();
    // In one event or two, as they came together or not.
    const held = new Set([first]);
    while (!held.has(second) || held.has(first)) {
      const event = await next(stream);
      if (event.kind === 'added') for (const { id } of event.entries) held.add(id);
      if (event.kind === 'removed') for (const { id } of event.entries) held.delete(id);
    }
    expect([...held]).toEqual([second]);
  });

  it('takes a retweet back when an earlier entry of its tweet arrives late', async () => {
    const cyd = await world.person('cyd');
    const dan = await world.person('dan');
    await world.follow(bob, cyd);
    const tweet = await world.post(dan);
    await world.settle();
    const stream = open(bob, (await page()).place);
    const late = await world.retweetThatCommitsLate(ada, tweet);
    const shown = await world.retweet(cyd, tweet);
    await world.settle();
    expect(told(await next(stream))).toEqual(['added', [shown]]);
    await late.commit();
    await world.settle();
    const events = await until(stream, tells(late.entryId));
    expect(events.map(told)).toEqual([
      ['removed', [shown]],
      ['added', [late.entryId]],
    ]);
  });

  it('tells of one gap when the log is lost, and goes on', async () => {
    const old = await world.post(ada);
    world.wait(QUARTER_HOUR_MS - 5000);
    await world.settle();
    const stream = open(bob, (await page()).place);
    const before = await world.post(ada);
    await world.settle();
    expect(told(await next(stream))).toEqual(['added', [before]]);
    await world.loseRedis();
    const unheard = await world.post(ada);
    await world.settle();
    const gap = await next(stream);
    expect(gap).toMatchObject({ kind: 'gap', before: old });
    const heard = await world.post(ada);
    await world.settle();
    const events = await until(stream, tells(heard));
    expect(events.filter(({ kind }) => kind === 'gap')).toEqual([]);
    // Between the gap's ends lies what was announced to nobody.
    expect((await page()).ids).toEqual([heard, unheard, before, old]);
  });

  it('begins with a gap behind a cursor of a log that is gone, or too old', async () => {
    const { place } = await page();
    await world.loseRedis();
    const afterLoss = open(bob, place);
    expect((await next(afterLoss)).kind).toBe('gap');
    const { place: fresh } = await page();
    const tooOld = { ...fresh, atMs: fresh.atMs - QUARTER_HOUR_MS - 1000 };
    const afterPause = open(bob, tooOld);
    expect((await next(afterPause)).kind).toBe('gap');
    const tweet = await world.post(ada);
    await world.settle();
    for (const stream of [afterLoss, afterPause])
      expect(told(await next(stream))).toEqual(['added', [tweet]]);
  });

  it('waits for a Redis that is away, and then tells of a gap', async () => {
    const port = await world.redisThroughPort();
    const elsewhere = world.connect(port.url);
    const stream = elsewhere.live.open(bob, null);
    const event = stream.next();
    await port.open();
    expect((await event).value).toMatchObject({ kind: 'gap' });
    await port.close();
  });

  it('misses nothing while the connection to Redis is cut', async () => {
    const port = await world.redisThroughPort();
    await port.open();
    const stream = world.connect(port.url).live.open(bob, (await page()).place);
    const before = await world.post(ada);
    await world.settle();
    expect(told(await next(stream))).toEqual(['added', [before]]);
    await port.close();
    const meanwhile = await world.post(ada);
    await world.settle();
    await port.open();
    expect(told(await next(stream))).toEqual(['added', [meanwhile]]);
    await port.close();
  });

  it('settles at once when it is left while it waits', async () => {
    const stream = open(bob, null);
    const waiting = stream.next();
    await stream.return();
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(world.timelines.live.viewersIn(0)).toEqual([]);
  });

  it('becomes one gap for a reader that is too slow', async () => {
    const stream = open(bob, (await page()).place);
    const entry = { viewerId: bob, place: { epoch: '1', position: '1-1', atMs: 5000 } } as const;
    for (let at = 0; at < 500; at++) stream.push({ ...entry, kind: 'moved' }, 1000 + at);
    expect(await next(stream)).toMatchObject({ kind: 'gap', sinceMs: 1000 });
  });

  it('leaves a client with what the definition says, whatever order things happen and are told in', async () => {
    const people = [ada, bob];
    for (const name of ['cyd', 'dan', 'eve', 'fay']) people.push(await world.person(name));
    for (const one of people) for (const other of people) if (one < other) await world.follow(other, one);
    await world.settle();
    const act = randomHistory(world, people, seeded(7));
    const random = seeded(8);

    const clients = await Promise.all(
      people.map(async (viewerId) => {
        const { ids, place } = await page(viewerId);
        const client = { viewerId, held: new Set(ids), gaps: 0, stream: open(viewerId, place) };
        const follow = async () => {
          for await (const event of client.stream) {
            if (event.kind === 'added') for (const { id } of event.entries) client.held.add(id);
            if (event.kind === 'removed') for (const { id } of event.entries) client.held.delete(id);
            if (event.kind === 'reset') client.held = new Set(await world.readAll(viewerId));
            if (event.kind === 'gap') client.gaps += 1;
          }
        };
        return { ...client, client, running: follow() };
      }),
    );
    for (let deeds = 0; deeds < 250; deeds++) {
      await act();
      if (random() < 0.3) await world.settle();
    }
    await world.settle();
    for (const { viewerId, client } of clients) {
      const wanted = await world.definition(viewerId);
      const held = () => [...client.held].sort(newestFirst);
      await caughtUp('the client holds what is defined', () => {
        expect(held()).toEqual(wanted);
        return true;
      });
      expect(client.gaps).toBe(0);
    }
    await Promise.all(clients.map(({ stream }) => stream.return()));
    await Promise.all(clients.map(({ running }) => running));
  }, 60_000);
});
