import { parseEntities } from '../../platform/text/parse-entities.ts';
import { plainText } from '../../platform/text/plain-text.ts';
import { LONGEST_HASHTAG } from '../global-id.ts';

/** The name of a hashtag as it is kept, from one with or without `#`, in any case; null for what no text could carry. */
export function hashtagNamed(text: string): string | null {
  const plain = plainText(text);
  if (plain.type === 'refused') return null;
  const name = plain.text.replace(/^[#＃]/, '');
  // Looking for hashtags takes quadratic time on hostile text, and thirty names cost next to nothing.
  if (name.length > LONGEST_HASHTAG) return null;
  const written = `#${name}`;
  const [entity] = parseEntities(written);
  return entity?.type === 'hashtag' && entity.end === written.length ? entity.tag : null;
}
