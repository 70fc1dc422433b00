import { isId, type Id } from '../platform/ids.ts';
import { badUserInput } from './errors.ts';

/** The kinds of things with a global id, as they stand before the underscore. */
export type Kind = 'user' | 'tweet' | 'session';

const KINDS: readonly Kind[] = ['user', 'tweet', 'session'];

/** `user_2431…`: opaque to programs, readable to people. */
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
  const [kind, id, ...rest] = text.split('_');
  const known = KINDS.find((each) => each === kind);
  if (known === undefined || id === undefined || rest.length > 0 || !isId(id)) {
    throw badUserInput('This is not an id. Ids look like user_123 or tweet_123.');
  }
  return { kind: known, id };
}
