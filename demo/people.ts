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
  website: string | null;
  isProtected: boolean;
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
const PROTECTED_SHARE = 0.03;

/** Those whom the documents name: the first to sign in with, the second protected, with requests that wait. */
const known = [
  { given: 'Ada', family: 'Lindqvist', username: 'ada', circle: 0 },
  { given: 'Mina', family: 'Okafor', username: 'mina', circle: 1 },
  { given: 'Noor', family: 'Haddad', username: 'noor', circle: 0 },
];
export const ADA = 0;
export const MINA = 1;
const NAMED = known.length;

/** Their password is one. */
export function inventPeople(count: number, anchorMs: number, random: Random): Person[] {
  const taken = new Set<string>();
  const joined = Array.from(
    { length: count },
    () => anchorMs - Math.floor((150 + random.next() * 200) * DAY_MS),
  ).toSorted((a, b) => a - b);
  let clock = 0;
  const ids = createIdSource(DEMO_WORKER, () => clock);
  return joined.map((joinedMs, index) => {
    const { given, family, username, circle } = known[index] ?? invented(random);
    clock = joinedMs;
    return {
      id: ids.next(),
      username: usernameFor(username, taken),
      displayName: `${given} ${family}`,
      bio: bioFor(circle, random),
      location: random.chance(0.6) ? random.pick(towns) : null,
      website: random.chance(0.3) ? `https://example.com/${given}-${family}`.toLowerCase() : null,
      isProtected: index === MINA || (index >= NAMED && random.chance(PROTECTED_SHARE)),
      joinedAt: new Date(joinedMs),
      circle,
      // Zipf's law over a random rank: a few are read by many.
      appeal: 1 / (1 + random.below(count)) ** 0.9,
    };
  });
}

function invented(random: Random) {
  const [given, family] = [random.pick(givenNames), random.pick(familyNames)];
  const username = `${given}_${family}`.toLowerCase();
  return { given, family, username, circle: random.below(circles.length) };
}

function bioFor(circleIndex: number, random: Random): string {
  const { bios = [''], tags = [''] } = circles[circleIndex] ?? {};
  const bio = random.pick(bios);
  return random.chance(0.25) ? `${bio} #${random.pick(tags)}` : bio;
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
