import { isId, type Id } from '../platform/ids.ts';
import { badUserInput } from './errors.ts';

/** The kinds of things with a global id, as they stand before the first underscore. */
export type Kind = 'user' | 'tweet' | 'session' | 'request' | 'hashtag';

/** What may stand behind the underscore. A hashtag has no row: its id is its name, so it may hold further underscores. */
const FORMS: Record<Kind, (id: string) => boolean> = {
  user: isId,
  tweet: isId,
  session: isId,
  request: isId,
  hashtag: isHashtagName,
};

/** `user_2431…`: opaque to programs, readable to people. A hashtag's `id` is its name in lower case. */
export const globalId = (kind: Kind, id: Id): string => `${kind}_${id}`;

/** The row's id. Throws `BAD_USER_INPUT`, naming the kind that was expected, for any other text. */
export function rowId(kind: Kind, text: string): Id {
  const parsed = parseGlobalId(text);
  if (parsed.kind !== kind)
    throw badUserInput(`Expected the id of a ${kind}, but this is one of a ${parsed.kind}.`);
  return parsed.id;
}

/** For `node(id:)`, which takes every kind. Throws `BAD_USER_INPUT` for text that is no id at all. */
export function parseGlobalId(text: string): { kind: Kind; id: Id } {
  const [, kind = '', id = ''] = /^([a-z]+)_(.+)$/su.exec(text) ?? [];
  if (!isKind(kind) || !FORMS[kind](id)) {
    throw badUserInput('This is not an id. Ids look like user_123 or tweet_123.');
  }
  return { kind, id };
}

const isKind = (text: string): text is Kind => Object.hasOwn(FORMS, text);

/** No tweet is longer than 280 characters, so neither is a word in one. */
export const LONGEST_HASHTAG = 280;

/** Letters, marks, digits, and the few signs that twitter-text counts as part of a word. */
function isHashtagName(name: string): boolean {
  return (
    name.length <= LONGEST_HASHTAG &&
    name === name.toLowerCase() &&
    /^[\u200d\u200c\p{L}\p{M}\p{Nd}_\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7]+$/u.test(
      name,
    )
  );
}
