'use client';

import { useEffect, useRef, useState } from 'react';
import { TweetSkeletons } from './skeletons.tsx';

/** Begins to load this far ahead of what is seen. */
const AHEAD = '800px';

/** The end of a list: asks for more as it comes near, and says when there is none. */
export function More({
  hasMore,
  load,
  end,
}: {
  hasMore: boolean;
  /** Rejects, or resolves to null, when it can't be had now. */
  load: () => Promise<object | null>;
  /** What is said at the very end. */
  end: string;
}) {
  const sentinel = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  const loading = useRef(false);
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });

  useEffect(() => {
    const element = sentinel.current;
    if (element === null || !hasMore || failed) return;
    const observer = new IntersectionObserver(
      (changes) => {
        // A busy page hears of several at once: out of sight, and in again.
        if (changes.at(-1)?.isIntersecting !== true || loading.current) return;
        loading.current = true;
        latest
          .current()
          .then((page) => setFailed(page === null))
          .catch(() => setFailed(true))
          .finally(() => {
            loading.current = false;
            // Still in sight? Only a new observation tells.
            observer.unobserve(element);
            observer.observe(element);
          });
      },
      { rootMargin: AHEAD },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [hasMore, failed]);

  if (!hasMore) return <p className="feed-end">{end}</p>;
  if (failed)
    return (
      <div className="feed-end">
        <p>The rest did not load.</p>
        <button type="button" className="text-btn" onClick={() => setFailed(false)}>
          Try again
        </button>
      </div>
    );
  return (
    <div ref={sentinel}>
      <TweetSkeletons count={3} />
    </div>
  );
}
