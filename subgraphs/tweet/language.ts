import { detectAll } from 'tinyld';
import type { ParsedEntity } from '../../platform/text/parse-entities.ts';

/** How far ahead of the next guess the first must be; below it, short texts are taken for a language at random. */
const LEAD = 2;

/** How sure it must be of less than so many words: any two look a little like some language. */
const FEW_WORDS = 4;
const SURE = 0.25;

/** The language that a text seems to be in, as a tag of BCP 47; `und` when that can't be told. Names, links and codes don't count. */
export function guessLanguage(text: string, entities: readonly ParsedEntity[]): string {
  const written = entities.reduceRight(
    (rest, { start, end }) => `${rest.slice(0, start)} ${rest.slice(end)}`,
    text,
  );
  // Letters of a code look like some language, and one that has none of its words takes longest.
  const words = written.replaceAll(/[\w-]+/g, (word) => (/\d/.test(word) ? ' ' : word));
  const [likeliest, next] = detectAll(words);
  const least = words.trim().split(/\s+/).length < FEW_WORDS ? SURE : 0;
  if (likeliest === undefined || likeliest.accuracy < Math.max(least, LEAD * (next?.accuracy ?? 0)))
    return 'und';
  return likeliest.lang;
}
