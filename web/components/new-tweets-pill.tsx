import { ArrowUp } from 'lucide-react';
import type { HomeEntryFragment } from '../graphql.generated/graphql.ts';
import { Face } from './face.tsx';

const FACES = 3;

/** What waits above, on the header's wire. Pressed, it shows them and goes there. */
export function NewTweetsPill({
  entries,
  onShow,
}: {
  entries: readonly HomeEntryFragment[];
  onShow: () => void;
}) {
  if (entries.length === 0) return null;
  const authors = new Map(
    entries.flatMap(({ node }) => (node?.author ? [[node.author.id, node.author] as const] : [])),
  );
  return (
    <div className="pill-slot">
      <button type="button" className="pill" onClick={onShow}>
        <span className="faces" aria-hidden="true">
          {[...authors.values()].slice(0, FACES).map((author) => (
            <Face key={author.id} user={author} size={28} />
          ))}
        </span>
        <span className="count">
          {entries.length} new<span className="wide"> {entries.length === 1 ? 'tweet' : 'tweets'}</span>
        </span>
        <ArrowUp strokeWidth={2} aria-hidden="true" />
      </button>
    </div>
  );
}
