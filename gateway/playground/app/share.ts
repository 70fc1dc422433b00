/** The part of an address that browsers keep to themselves: no server sees it, nor a log. */
const PREFIX = '#operation=';

/** An address that opens the playground with this operation. Variables and headers are never part of it. */
export const linkTo = (page: string, operation: string): string =>
  `${page}${PREFIX}${encodeURIComponent(operation)}`;

/** The operation that a fragment holds; null when it holds none that can be read. */
export function operationIn(fragment: string): string | null {
  if (!fragment.startsWith(PREFIX)) return null;
  try {
    return decodeURIComponent(fragment.slice(PREFIX.length)) || null;
  } catch {
    return null;
  }
}
