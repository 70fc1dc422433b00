import { asides, circles, replies } from './circles.ts';
import type { Random } from './random.ts';

/** What somebody of a circle might say, at most 280 characters; one time in eight of what another circle talks about. */
export function smallTalk(circleIndex: number, random: Random, mention?: string): string {
  const circle = circles[random.chance(0.875) ? circleIndex : random.below(circles.length)];
  if (circle === undefined) throw new RangeError(`There is no circle ${circleIndex}`);
  let text = fill(random.pick(circle.openers), circle.fill, random);
  if (mention !== undefined) text += ` @${mention}`;
  if (random.chance(0.22)) text += ` #${random.pick(circle.tags)}`;
  if (random.chance(0.05)) text += ` https://example.com/${circle.name}/${random.below(900) + 100}`;
  return text;
}

/** What somebody might answer to anything. */
export const shortAnswer = (random: Random): string => fill(random.pick(replies), {}, random);

/** Replaces `{thing}` by one of `lists.thing`, never the same twice in a text where there is a choice. */
function fill(template: string, lists: Readonly<Record<string, readonly string[]>>, random: Random): string {
  const used = new Set<string>();
  const text = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'word') return random.pick(asides);
    if (name === 'Word') return capitalised(random.pick(asides));
    const list = lists[name] ?? [name];
    const fresh = list.filter((item) => !used.has(item));
    const picked = random.pick(fresh.length > 0 ? fresh : list);
    used.add(picked);
    return picked;
  });
  return text.replaceAll(
    /(^|[.!?] )(\p{Ll})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
