import type { Person } from './people.ts';
import { weighted, type Random } from './random.ts';

/**
 * Who follows whom, as indexes of people: `followed[i]` are those whom `i` follows. Numbers of followers follow a power
 * law; people mostly follow within their circle, then friends of friends, and often follow back.
 */
export function inventFollows(people: readonly Person[], random: Random): Set<number>[] {
  const followed = people.map(() => new Set<number>());
  const anybody = weighted(
    people.map((person) => person.appeal),
    random,
  );
  const circles = Map.groupBy(people.keys(), (index) => people[index]?.circle ?? 0);
  const inCircle = new Map(
    [...circles].map(([circle, members]) => {
      const draw = weighted(
        members.map((index) => people[index]?.appeal ?? 0),
        random,
      );
      return [circle, () => members[draw()] ?? 0];
    }),
  );

  const follow = (from: number, to: number) => {
    if (from === to || followed[from]?.has(to) === true) return;
    followed[from]?.add(to);
    if (random.chance(0.3)) followed[to]?.add(from);
  };

  people.forEach((person, index) => {
    const wanted = Math.min(people.length / 3, Math.max(8, Math.exp(3.2 + 0.8 * random.normal())));
    for (let attempt = 0; attempt < wanted * 4 && (followed[index]?.size ?? 0) < wanted; attempt += 1) {
      const friends = [...(followed[index] ?? [])];
      const dice = random.next();
      if (dice < 0.55) follow(index, inCircle.get(person.circle)?.() ?? 0);
      else if (dice < 0.8 && friends.length > 0) {
        const theirs = [...(followed[random.pick(friends)] ?? [])];
        if (theirs.length > 0) follow(index, random.pick(theirs));
      } else follow(index, anybody());
    }
  });
  return followed;
}
