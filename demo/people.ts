import { createIdSource, type Id } from '../platform/ids.ts';
import { circles, familyNames, givenNames, towns } from './circles.ts';
import type { Random } from './random.ts';

/** One of the demo people. */
export interface Person {
  id: Id;
  username: string;
  displayName: string;
  bio: string;
  location: string | null;
  joinedAt: Date;
  /** Index of the circle whose talk this person joins. */
  circle: number;
  /** How many want to read this person, relative to others. */
  appeal: number;
}

/**
 * The worker number in the ids of the demo's accounts and tweets, which no process of an instance draws: so no id is
 * made twice, and a demo account can be told from a person's.
 */
export const DEMO_WORKER = 1023;

const DAY_MS = 86_400_000;

/** The account to sign in with comes first. Its password is every demo person's. */
export function inventPeople(count: number, anchorMs: number, random: Random): Person[] {
  const taken = new Set<string>();
  const joined = Array.from(
    { length: count },
    () => anchorMs - Math.floor((150 + random.next() * 200) * DAY_MS),
  ).toSorted((a, b) => a - b);
  let clock = 0;
  const ids = createIdSource(DEMO_WORKER, () => clock);
  return joined.map((joinedMs, index) => {
    const [given, family] =
      index === 0 ? ['Ada', 'Lindqvist'] : [random.pick(givenNames), random.pick(familyNames)];
    const circle = index === 0 ? 0 : random.below(circles.length);
    clock = joinedMs;
    return {
      id: ids.next(),
      username: usernameFor(index === 0 ? 'ada' : `${given}_${family}`.toLowerCase(), taken),
      displayName: `${given} ${family}`,
      bio: random.pick(circles[circle]?.bios ?? ['']),
      location: random.chance(0.6) ? random.pick(towns) : null,
      joinedAt: new Date(joinedMs),
      circle,
      // Zipf's law over a random rank: a few are read by many.
      appeal: 1 / (1 + random.below(count)) ** 0.9,
    };
  });
}

function usernameFor(wanted: string, taken: Set<string>): string {
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : String(number);
    const username = wanted.slice(0, 15 - suffix.length) + suffix;
    if (taken.has(username)) continue;
    taken.add(username);
    return username;
  }
}
