import { parseEntities } from '../../platform/text/parse-entities.ts';

/** The name of a hashtag as it is kept, from one with or without `#`, in any case; null for what no text could carry. */
export function hashtagNamed(text: string): string | null {
  const written = `#${text.replace(/^[#＃]/, '').normalize('NFC')}`;
  const [entity] = parseEntities(written);
  return entity?.type === 'hashtag' && entity.start === 0 && entity.end === written.length
    ? entity.tag
    : null;
}
