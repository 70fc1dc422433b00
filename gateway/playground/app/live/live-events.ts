import { createStore } from '../store.ts';

/** `reconnecting` goes on by itself; the last three are ends. */
export type LiveStatus = 'connecting' | 'live' | 'reconnecting' | 'stopped' | 'ended' | 'failed';

export interface LiveEvent {
  /** Counted from 1, for as long as the stream runs. */
  number: number;
  /** When it came, in ms since 1970. */
  at: number;
  /** What kind of thing happened, in a word. */
  kind: string;
  result: unknown;
}

/** Among the events: that the connection was lost, and what came of it. */
export interface LiveMark {
  at: number;
  words: string;
}

/** What came over one stream. */
export interface Live {
  id: number;
  /** The tab that it was run in, by GraphiQL's id. */
  tab: string;
  name: string;
  status: LiveStatus;
  /** Why it ended, when that is worth saying. */
  reason: string | null;
  /** Newest first, at most `EVENTS_KEPT`. */
  events: readonly (LiveEvent | LiveMark)[];
  /** How many came in all. */
  count: number;
  /** What is shown while it is paused, and how many had come by then. */
  paused: Pick<Live, 'events' | 'count'> | null;
}

/** With more a page only becomes slow: nobody reads that far back. */
export const EVENTS_KEPT = 200;

/** All that run, and those that ended and were not closed; in the order of their beginnings. */
export const streams = createStore<readonly Live[]>([]);

/** The id of the one whose events are shown. */
export const chosenStream = createStore<number | null>(null);

export function changeStream(id: number, to: (state: Live) => Live): void {
  streams.set(streams.get().map((stream) => (stream.id === id ? to(stream) : stream)));
}

export const begun = (id: number, tab: string, name: string): Live => ({
  id,
  tab,
  name,
  status: 'connecting',
  reason: null,
  events: [],
  count: 0,
  paused: null,
});

export function received(state: Live, result: unknown, at: number): Live {
  const count = state.count + 1;
  const event = { number: count, at, kind: kindOf(result), result };
  return { ...state, status: 'live', count, events: withNewest(state, event) };
}

/** Connected again after `awayMs`. Where it is not `resumed` behind the last event, some may be missing. */
export function cameBack(state: Live, at: number, awayMs: number, resumed: boolean): Live {
  const away = `The connection was lost for ${(awayMs / 1000).toFixed(1)} s.`;
  const words = resumed
    ? `${away} The stream went on behind its last event.`
    : `${away} What happened meanwhile is not here.`;
  return { ...state, status: 'live', events: withNewest(state, { at, words }) };
}

const withNewest = ({ events }: Live, newest: LiveEvent | LiveMark): Live['events'] =>
  [newest, ...events].slice(0, EVENTS_KEPT);

/** Paused, it goes on receiving, and shows what there was. */
export const pausedOrNot = (state: Live): Live => ({
  ...state,
  paused: state.paused === null ? { events: state.events, count: state.count } : null,
});

export const cleared = (state: Live): Live => ({
  ...state,
  events: [],
  paused: state.paused === null ? null : { events: [], count: state.count },
});

/** Newest first. */
export const shown = ({ events, paused }: Live): Live['events'] => paused?.events ?? events;

/** How many came since it was paused. */
export const waiting = ({ paused, count }: Live): number => (paused === null ? 0 : count - paused.count);

export const isOver = ({ status }: Live): boolean =>
  status === 'stopped' || status === 'ended' || status === 'failed';

/** The type that the event says it is of, or the field that it came by. */
function kindOf(result: unknown): string {
  const { data, errors } = result as { data?: Record<string, unknown> | null; errors?: unknown[] };
  const [field, value] = Object.entries(data ?? {})[0] ?? [];
  const type = (value as { __typename?: unknown } | null | undefined)?.__typename;
  if (typeof type === 'string') return type;
  return errors === undefined ? (field ?? 'event') : 'error';
}
