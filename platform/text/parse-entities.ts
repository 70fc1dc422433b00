import twitter from 'twitter-text';
import { MAX_UNITS } from './plain-text.ts';

/**
 * A stretch of a text that is more than text. `start` to `end` in UTF-16 units, as `slice` counts; `@` and `#` are part
 * of the stretch but not of the name.
 */
export type ParsedEntity = { start: number; end: number } & (
  | {
      type: 'mention';
      /** Lower case; whether there is such an account is not known here. */ username: string;
    }
  | { type: 'hashtag'; /** Lower case. */ tag: string }
  | { type: 'link'; /** Absolute, http or https. */ url: string; displayText: string }
);

/**
 * Mentions, hashtags and links by the rules of twitter-text, sorted by `start`, never overlapping. Its cashtags and
 * lists mean nothing here: the owner of a list counts as mentioned. Give what `plainText` returned.
 */
export function parseEntities(text: string): ParsedEntity[] {
  if (text.length > MAX_UNITS) return [];
  return twitter
    .extractEntitiesWithIndices(text)
    .map(entityOf)
    .filter((entity) => entity !== null)
    .toSorted((a, b) => a.start - b.start);
}

/**
 * Length by twitter-text's weights: most characters count one, ideographs and emoji two, a link 23 however long it is.
 * Above `MAX_UNITS` nothing is parsed and each unit counts one, which is more than any limit.
 */
export const weightedLength = (text: string): number =>
  text.length > MAX_UNITS ? text.length : twitter.parseTweet(text).weightedLength;

function entityOf(found: ReturnType<typeof twitter.extractEntitiesWithIndices>[number]): ParsedEntity | null {
  const [start, end] = found.indices;
  if ('screenName' in found) {
    const username = found.screenName.toLowerCase();
    return { type: 'mention', start, end: start + 1 + username.length, username };
  }
  if ('hashtag' in found) return { type: 'hashtag', start, end, tag: found.hashtag.toLowerCase() };
  if ('url' in found) {
    const url = absolute(found.url);
    return url === null ? null : { type: 'link', start, end, url, displayText: displayed(found.url) };
  }
  return null;
}

const SCHEME = /^https?:\/\//i;

/** Null for what looks like a link to twitter-text and is none to a browser. */
function absolute(written: string): string | null {
  const url = URL.parse(SCHEME.test(written) ? written : `https://${written}`);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : null;
}

const DISPLAYED_CHARACTERS = 30;

function displayed(written: string): string {
  const characters = Array.from(written.replace(SCHEME, ''));
  return characters.length <= DISPLAYED_CHARACTERS
    ? characters.join('')
    : `${characters.slice(0, DISPLAYED_CHARACTERS - 1).join('')}…`;
}
