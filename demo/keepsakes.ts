import { ADA } from './people.ts';
import type { Random } from './random.ts';
import type { Entry } from './tweets.ts';

/** What people keep of the tweets: for themselves, and on top of their profiles. */
export interface Keepsakes {
  bookmarks: { person: number; entry: number }[];
  /** Index of a tweet of theirs, by person. */
  pins: Map<number, number>;
}

const KEEPING_SHARE = 0.2;
const PINNING_SHARE = 0.35;
const ADAS_BOOKMARKS = 12;

/** Bookmarks are of open accounts' tweets, since they stay visible whoever follows whom. */
export function inventKeepsakes(
  people: readonly { isProtected: boolean }[],
  entries: readonly Entry[],
  random: Random,
): Keepsakes {
  const standing = entries.flatMap(({ text, author }, index) =>
    text !== null && text !== '' ? [{ index, author }] : [],
  );
  const open = standing.filter(({ author }) => people[author]?.isProtected === false);
  const own = Map.groupBy(
    standing.filter(({ index }) => entries[index]?.inReplyTo === null),
    ({ author }) => author,
  );
  const keeps = (person: number) => {
    if (open.length === 0) return [];
    const count = person === ADA ? ADAS_BOOKMARKS : random.chance(KEEPING_SHARE) ? 1 + random.below(6) : 0;
    const kept = new Set(Array.from({ length: count }, () => random.pick(open).index));
    return [...kept].map((entry) => ({ person, entry }));
  };
  const pins = new Map<number, number>();
  for (const person of people.keys()) {
    const theirs = own.get(person) ?? [];
    if (theirs.length > 0 && (person === ADA || random.chance(PINNING_SHARE))) {
      pins.set(person, random.pick(theirs).index);
    }
  }
  return { bookmarks: [...people.keys()].flatMap(keeps), pins };
}
