import type { Id } from '../../platform/ids.ts';
import type { World } from './world.ts';

/** Mulberry32: the same seed, the same history. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How often what is done: weights, of anything that adds up to whatever. */
const DEEDS = {
  follow: 12,
  unfollow: 5,
  post: 26,
  reply: 16,
  retweet: 24,
  undo: 6,
  remove: 4,
  mute: 3,
  unmute: 4,
  hideRetweets: 3,
  showRetweets: 3,
  block: 2,
  unblock: 3,
  protect: 2,
  open: 3,
  deactivate: 1,
  comeBack: 3,
};

type Deed = keyof typeof DEEDS;

/**
 * Deeds of people at random: each call does one, or nothing where it makes no sense. `loner` never follows; `staying`
 * never deactivate.
 */
export function randomHistory(
  world: World,
  people: readonly Id[],
  random: () => number,
  { loner, staying = [] }: { loner?: Id | undefined; staying?: readonly Id[] } = {},
): () => Promise<void> {
  const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)];
  const total = Object.values(DEEDS).reduce((sum, weight) => sum + weight, 0);
  const chosen = (): Deed => {
    let rest = random() * total;
    const [deed] = Object.entries(DEEDS).find(([, weight]) => (rest -= weight) < 0) ?? [];
    return (deed ?? 'post') as Deed;
  };

  return async () => {
    const [person, other] = [pick(people), pick(people)];
    const tweet = pick([...world.tweets.keys()].slice(-40));
    if (person === undefined || other === undefined) return;
    const areTwo = person !== other;
    const deeds: Record<Deed, () => Promise<unknown> | false> = {
      follow: () => areTwo && person !== loner && world.follow(person, other),
      unfollow: () => world.unfollow(person, other),
      post: () => world.post(person),
      reply: () => world.post(person, tweet),
      retweet: () => {
        const again = world.retweets.some((each) => each.tweetId === tweet && each.retweeterId === person);
        return tweet !== undefined && !again && world.retweet(person, tweet);
      },
      undo: () => {
        const retweet = pick(world.retweets);
        return retweet !== undefined && world.undo(retweet);
      },
      remove: () => tweet !== undefined && world.remove(tweet),
      mute: () => areTwo && world.mute(person, other),
      unmute: () => world.unmute(person, other),
      hideRetweets: () => areTwo && world.hideRetweets(person, other),
      showRetweets: () => world.showRetweets(person, other),
      block: () => areTwo && world.block(person, other),
      unblock: () => world.unblock(person, other),
      protect: () => world.protect(person),
      open: () => world.protect(person, false),
      deactivate: () => !staying.includes(person) && world.deactivate(person),
      comeBack: () => world.comeBack(person),
    };
    await deeds[chosen()]();
  };
}
