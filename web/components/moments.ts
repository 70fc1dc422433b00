const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The visitor's own zone, or UTC, which the server and the first render in the browser agree on. */
export type Zone = 'UTC' | undefined;

const written = (options: Intl.DateTimeFormatOptions) => {
  const formats = new Map<Zone, Intl.DateTimeFormat>();
  return (date: Date, zone: Zone): string => {
    const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
    formats.set(zone, format);
    return format.format(date);
  };
};

/** `18:20` */
export const timeOfDay = written({ timeStyle: 'short' });
/** `21 November 2026` */
export const dayWritten = written({ dateStyle: 'long' });
/** `November 2026` */
export const monthWritten = written({ month: 'long', year: 'numeric' });
/** `21 November 2026 at 18:20` */
export const momentWritten = written({ dateStyle: 'long', timeStyle: 'short' });
const dayAndMonth = written({ day: 'numeric', month: 'short' });
const dayMonthYear = written({ day: 'numeric', month: 'short', year: 'numeric' });

/** `now`, `4m`, `2h`, `6d`, then the date. */
export function timeAgo(date: Date, nowMs: number, zone: Zone): string {
  const ageMs = nowMs - date.getTime();
  if (ageMs < MINUTE_MS) return 'now';
  if (ageMs < HOUR_MS) return `${Math.floor(ageMs / MINUTE_MS)}m`;
  if (ageMs < DAY_MS) return `${Math.floor(ageMs / HOUR_MS)}h`;
  if (ageMs < 7 * DAY_MS) return `${Math.floor(ageMs / DAY_MS)}d`;
  const isThisYear = new Date(nowMs).getUTCFullYear() === date.getUTCFullYear();
  return isThisYear ? dayAndMonth(date, zone) : dayMonthYear(date, zone);
}
