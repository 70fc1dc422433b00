import { parseEntities } from '../../platform/text/parse-entities.ts';
import { plainText } from '../../platform/text/plain-text.ts';

/** The name of a hashtag as it is kept, from one with or without `#`, in any case; null for what no text could carry. */
export function hashtagNamed(text: string): string | null {
  const plain = plainText(text);
  if (plain.type === 'refused') return null;
  const written = `#${plain.text.replace(/^[#＃]/, '')}`;
  const [entity] = parseEntities(written);
  return entity?.type === 'hashtag' && entity.end === written.length ? entity.tag : null;
}
