// The entries of a home timeline as they come from pages, from the stream and from one's own hand, as one list.

/** What joining entries needs to know of each. `Entry` stays whatever it was. */
export interface AnyEntry {
  cursor: string;
  enteredAt: string;
  because: { __typename: string };
  node: { id: string; text: string } | null;
}

const OWN = 'own:';
const UNSENT = 'tweet_unsent_';

/** The cursor of an entry for one's own tweet until the stream brings the true one. */
export const ownCursor = (tweetId: string): string => OWN + tweetId;

/** The id of a tweet until the server gave it one. */
export const unsentId = (key: string): string => UNSENT + key;

export const isUnsent = (tweetId: string): boolean => tweetId.startsWith(UNSENT);

/** Newest first, each cursor once. One's own entry gives way to the true one of the same tweet. */
export function joined<Entry extends AnyEntry>(more: readonly Entry[], held: readonly Entry[]): Entry[] {
  const byCursor = new Map<string, Entry>();
  for (const entry of [...more, ...held]) {
    if (!byCursor.has(entry.cursor)) byCursor.set(entry.cursor, entry);
  }
  const entries = [...byCursor.values()];
  const arrived = new Set(entries.flatMap(({ cursor, node }) => (isOwn(cursor) || !node ? [] : [node.id])));
  return entries
    .filter(({ cursor, node }) => !isOwn(cursor) || node === null || !arrived.has(node.id))
    .toSorted((a, b) => (a.enteredAt === b.enteredAt ? 0 : a.enteredAt < b.enteredAt ? 1 : -1));
}

/** How much later by the browser's clock than by the server's a tweet may seem posted. */
const CLOCKS_DIFFER_MS = 60_000;

/**
 * Without the tweets on their way out that the stream brought already: it may be quicker than the answer to the post,
 * and only the words tell then that they are the same.
 */
export function withoutTwins<Entry extends AnyEntry>(entries: readonly Entry[]): readonly Entry[] {
  const isTwin = ({ node, enteredAt }: Entry) =>
    node !== null &&
    isUnsent(node.id) &&
    entries.some(
      (other) =>
        other.because.__typename === 'OwnPost' &&
        other.node?.text === node.text &&
        !isUnsent(other.node.id) &&
        Date.parse(other.enteredAt) > Date.parse(enteredAt) - CLOCKS_DIFFER_MS,
    );
  return entries.some(isTwin) ? entries.filter((entry) => !isTwin(entry)) : entries;
}

const isOwn = (cursor: string) => cursor.startsWith(OWN);
