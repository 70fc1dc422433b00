import { LIMIT } from './weighted-length.ts';

const WARNS_AT = 20;

/** How much of a tweet is written. A number from 20 left; alarm when over. */
export function CounterRing({ length }: { length: number }) {
  const left = LIMIT - length;
  const warns = left <= WARNS_AT;
  return (
    <span className="counter" {...(left < 0 && { 'data-over': '' })}>
      <svg viewBox="0 0 28 28" aria-hidden="true">
        <circle cx="14" cy="14" r="12" />
        {length > 0 && (
          <circle
            className="value"
            cx="14"
            cy="14"
            r="12"
            pathLength="100"
            strokeDasharray={`${Math.min(100, (length / LIMIT) * 100)} 100`}
          />
        )}
      </svg>
      {warns && <span aria-hidden="true">{left < 0 ? `−${-left}` : left}</span>}
      <span className="sr-only" role="status">
        {warns && (left < 0 ? `${-left} characters too many` : `${left} characters left`)}
      </span>
    </span>
  );
}
