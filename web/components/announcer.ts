'use client';

import { useCallback, useEffect, useRef, useState } from 'react';

/** No oftener: a lively timeline must not talk all the time. */
const EVERY_MS = 10_000;

/** @returns what to say now, and what counts tweets to be announced with those of the next seconds. */
export function useAnnouncer(): [text: string, add: (count: number) => void] {
  const [text, setText] = useState('');
  const count = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const add = useCallback((more: number) => {
    count.current += more;
    timer.current ??= setTimeout(() => {
      setText(count.current === 1 ? '1 new tweet' : `${count.current} new tweets`);
      count.current = 0;
      timer.current = undefined;
    }, EVERY_MS);
  }, []);
  return [text, add];
}
