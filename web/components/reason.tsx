import { Repeat2 } from 'lucide-react';
import Link from 'next/link';

/** The line above a tweet that somebody retweeted. */
export function Retweeted({
  by,
  others = 0,
}: {
  /** Null for oneself. */
  by: { username: string; displayName: string } | null;
  others?: number;
}) {
  return (
    <div className="reason">
      <Repeat2 strokeWidth={1.75} aria-hidden="true" />
      {by === null ? (
        <span>You retweeted</span>
      ) : (
        <Link href={`/@${by.username}`} prefetch={false}>
          {by.displayName}
          {others > 0 && ` and ${others} ${others === 1 ? 'other' : 'others'}`} retweeted
        </Link>
      )}
    </div>
  );
}
