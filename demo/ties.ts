import { ADA, MINA, type Person } from './people.ts';
import type { Random } from './random.ts';

/** From whom, to whom, as indexes of people. */
export type Tie = readonly [from: number, to: number];

/** What there is between people besides following. */
export interface Ties {
  /** To follow somebody protected. */
  requests: Tie[];
  blocks: Tie[];
  mutes: Tie[];
  hiddenRetweets: Tie[];
}

const BLOCKING_SHARE = 0.03;
const MUTING_SHARE = 0.08;
const HIDING_SHARE = 0.06;

/** Some of each; of Ada's, of every kind. Ends the follows that a block or a request rules out: changes `followed`. */
export function inventTies(
  people: readonly Person[],
  followed: readonly Set<number>[],
  random: Random,
): Ties {
  const indexes = [...people.keys()];
  const somebodyFollowedBy = (index: number) => {
    const theirs = [...(followed[index] ?? [])];
    return theirs.length === 0 ? [] : [random.pick(theirs)];
  };
  const some = (share: number, always: number) =>
    indexes.filter((index) => index === always || random.chance(share));

  const requests = indexes
    .filter((index) => people[index]?.isProtected === true)
    .flatMap((to) => {
      const asking = new Set(Array.from({ length: 2 + random.below(5) }, () => random.below(people.length)));
      if (to === MINA) {
        asking.add(ADA);
        followed[ADA]?.delete(MINA);
      }
      return [...asking]
        .filter((from) => from !== to && followed[from]?.has(to) !== true)
        .map((from): Tie => [from, to]);
    });

  const blocks = unique([
    ...some(BLOCKING_SHARE, ADA).map((from): Tie => [from, random.below(people.length)]),
    [random.below(people.length), ADA],
  ]).filter(([from, to]) => from !== to && !isNamed(from, to));
  for (const [from, to] of blocks) {
    followed[from]?.delete(to);
    followed[to]?.delete(from);
  }

  const chosen = (share: number, always: number) =>
    unique(some(share, always).flatMap((from) => somebodyFollowedBy(from).map((to): Tie => [from, to])));
  const readers = indexes.filter((index) => followed[index]?.has(ADA) === true);
  return {
    requests: requests.filter(([from, to]) => !blocks.some((tie) => tie.includes(from) && tie.includes(to))),
    blocks,
    mutes: unique([...chosen(MUTING_SHARE, ADA), ...readers.slice(0, 1).map((from): Tie => [from, ADA])]),
    hiddenRetweets: chosen(HIDING_SHARE, ADA),
  };
}

/** Those whom the documents name get along. */
const isNamed = (from: number, to: number): boolean => from <= 2 && to <= 2;

const unique = (ties: readonly Tie[]): Tie[] => [...new Map(ties.map((tie) => [tie.join(), tie])).values()];
