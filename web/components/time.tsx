'use client';

import Link from 'next/link';
import { useSyncExternalStore } from 'react';
import { dayWritten, momentWritten, timeAgo, timeOfDay, type Zone } from './moments.ts';

const TICK_MS = 30_000;

const now = () => Math.floor(Date.now() / TICK_MS) * TICK_MS;

const everyTick = (changed: () => void) => {
  const timer = setInterval(changed, TICK_MS);
  return () => clearInterval(timer);
};

const never = () => () => undefined;

/** UTC on the server and for the render that takes its page over; then the visitor's own. */
export const useZone = (): Zone =>
  useSyncExternalStore<Zone>(
    never,
    () => undefined,
    () => 'UTC',
  );

/** How long ago, as a link to what happened then; the moment itself is its title. */
export function TimeAgo({ at, href }: { at: string; href: string }) {
  const zone = useZone();
  const nowMs = useSyncExternalStore(everyTick, now, now);
  const date = new Date(at);
  return (
    <time dateTime={at} title={momentWritten(date, zone)}>
      {/* A page may be half a minute old when it is taken over. */}
      <Link href={href} prefetch={false} suppressHydrationWarning>
        {timeAgo(date, nowMs, zone)}
      </Link>
    </time>
  );
}

/** A moment in full. */
export function Moment({ at }: { at: string }) {
  const zone = useZone();
  const date = new Date(at);
  return (
    <time dateTime={at}>
      {timeOfDay(date, zone)}, {dayWritten(date, zone)}
    </time>
  );
}
