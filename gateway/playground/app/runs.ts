import { createStore } from './store.ts';

/** How an operation over HTTP went. */
export interface Run {
  /** Of the response; null when none came. */
  status: number | null;
  /** From asking until the last byte. */
  ms: number;
  /** Of the answer, uncompressed. */
  bytes: number;
  /** Null where the server does not say. */
  cost: Cost | null;
}

/** What the gateway says of an operation's cost, in `extensions.cost`. */
export interface Cost {
  requested: number;
  remaining?: number;
  limit?: number;
  resetMs?: number;
}

/** The last of each tab, by GraphiQL's id; of those in which something ran. */
export const lastRuns = createStore<Readonly<Record<string, Run | null>>>({});

/** Null while it runs. */
export const noteRun = (tab: string, run: Run | null): void =>
  lastRuns.set({ ...lastRuns.get(), [tab]: run });

/** What of an answer tells its cost; null when nothing does. */
export function costIn(answer: unknown): Cost | null {
  const cost = (answer as { extensions?: { cost?: Record<string, unknown> } } | null)?.extensions?.cost;
  if (typeof cost?.['requested'] !== 'number') return null;
  const numbers = Object.entries(cost).filter(([, value]) => typeof value === 'number');
  return Object.fromEntries(numbers) as unknown as Cost;
}

const number = new Intl.NumberFormat('en');

/** The parts of a line such as `200 · 34 ms · 12.3 kB · cost 548 · 9,452 of 10,000 left, full again in 41 s`. */
export function told({ status, ms, bytes, cost }: Run): string[] {
  const parts = [status === null ? 'no answer' : String(status), duration(ms)];
  if (status !== null)
    parts.push(bytes < 1000 ? `${bytes} B` : `${number.format(Math.round(bytes / 100) / 10)} kB`);
  return [...parts, ...(cost === null ? [] : costTold(cost))];
}

export function costTold({ requested, remaining, limit, resetMs }: Cost): string[] {
  const parts = [`cost ${number.format(requested)}`];
  if (remaining === undefined) return parts;
  const of = limit === undefined ? '' : ` of ${number.format(limit)}`;
  const again =
    resetMs === undefined || resetMs <= 0
      ? ''
      : `, full again in ${number.format(Math.ceil(resetMs / 1000))} s`;
  return [...parts, `${number.format(remaining)}${of} left${again}`];
}

const duration = (ms: number): string =>
  ms < 10_000 ? `${number.format(Math.round(ms))} ms` : `${number.format(Math.ceil(ms / 1000))} s`;
