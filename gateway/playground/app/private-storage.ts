import type { Storage as Kept } from '@graphiql/toolkit';

/**
 * A value of a field whose name speaks of a password or a token, in JSON or in GraphQL, as often quoted as it may be:
 * GraphiQL keeps JSON within JSON.
 */
const SECRET =
  /(\b\w*(?:password|token|authorization|cookie)\w*(\\*"|)\s*:\s*(\\*"))(?:(?!(?<!\\)\3).)*(\3)/gi;

/** What people type outlives the page in `storage`, but for what nobody else who sits here should find. */
export const keepingNoSecrets = (storage: Storage): Kept => ({
  getItem: (key) => storage.getItem(key),
  setItem: (key, value) => storage.setItem(key, withoutSecrets(value)),
  removeItem: (key) => storage.removeItem(key),
  clear: () => storage.clear(),
  get length() {
    return storage.length;
  },
});

export const withoutSecrets = (text: string): string => text.replaceAll(SECRET, '$1$4');
