import type { Id } from '../ids.ts';
import type { ParsedEntity } from './parse-entities.ts';

/** As `ParsedEntity`, but a mention means an account, whatever it is called by now. */
export type StoredEntity =
  Exclude<ParsedEntity, { type: 'mention' }> | { type: 'mention'; start: number; end: number; userId: Id };

/** Lower-case names that a text mentions, each once. */
export const namesIn = (entities: readonly ParsedEntity[]): string[] => [
  ...new Set(entities.flatMap((entity) => (entity.type === 'mention' ? [entity.username] : []))),
];

/** @param accounts whose the mentioned names are, by lower-case name; a name that is nobody's is plain text. */
export const storedEntities = (
  parsed: readonly ParsedEntity[],
  accounts: ReadonlyMap<string, Id>,
): StoredEntity[] =>
  parsed.flatMap((entity): StoredEntity[] => {
    if (entity.type !== 'mention') return [entity];
    const userId = accounts.get(entity.username);
    return userId === undefined ? [] : [{ type: 'mention', start: entity.start, end: entity.end, userId }];
  });
