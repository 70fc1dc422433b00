import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Id } from '../../platform/ids.ts';
import { createWorld, type World } from './world.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const PEOPLE = 12;

/** Mulberry32: the same seed, the same history. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('home timelines over a long random history', () => {
  const random = seeded(20261121);
  const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)];
  let world: World;
  let people: Id[];

  beforeAll(async () => {
    // Long ago, so that the history spans quarters.
    world = await createWorld({ startMs: Date.UTC(2025, 3, 1) });
    people = [];
    for (let at = 0; at < PEOPLE; at++) people.push(await world.person(`person${at}`));
    // Somebody whom nearly everybody follows needs chunks; somebody follows nobody.
    for (const person of people.slice(1, -1)) await world.follow(person, people[0] ?? '');
  }, 60_000);

  afterAll(() => world.stop());

  async function act(): Promise<void> {
    const [person, other] = [pick(people), pick(people)];
    if (person === undefined || other === undefined) return;
    const tweet = pick([...world.tweets.keys()].slice(-40));
    const deed = random();
    world.wait(random() < 0.1 ? random() * 4 * DAY_MS : random() * 4 * HOUR_MS);
    if (deed < 0.12 && person !== other && person !== people.at(-1)) await world.follow(person, other);
    else if (deed < 0.18) await world.unfollow(person, other);
    else if (deed < 0.45) await world.post(person);
    else if (deed < 0.62) await world.post(person, tweet);
    else if (deed < 0.88 && tweet !== undefined) {
      const again = world.retweets.some((each) => each.tweetId === tweet && each.retweeterId === person);
      if (!again) await world.retweet(person, tweet);
    } else if (deed < 0.95) {
      const retweet = pick(world.retweets);
      if (retweet !== undefined) await world.undo(retweet);
    } else if (tweet !== undefined) await world.remove(tweet);
  }

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
    for (let burst = 0; burst < 6; burst++) {
      for (let deeds = 0; deeds < 60; deeds++) await act();
      await world.settle();
      await expectAllEqual();
    }
  }, 120_000);
});
