import { costIn } from '../runs.ts';
import { useStore } from '../store.ts';
import {
  changeStream,
  chosenStream,
  cleared,
  EVENTS_KEPT,
  isOver,
  pausedOrNot,
  shown,
  streams,
  waiting,
  type Live,
  type LiveEvent,
  type LiveStatus,
} from './live-events.ts';
import { closeStream, stopStream } from './stream.ts';

const told: Record<LiveStatus, string> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
  stopped: 'Stopped',
  ended: 'Ended by the server',
  failed: 'Ended',
};

/** The streams that run, whichever tab is shown, and the events of one of them. */
export function LivePane() {
  const all = useStore(streams);
  const chosen = useStore(chosenStream);
  const state = all.find(({ id }) => id === chosen) ?? all[0];
  if (state === undefined) return null;
  return (
    <div className="live">
      {all.length === 1 ? null : (
        <div className="live-streams" role="group" aria-label="Streams">
          {all.map((stream) => (
            <button
              key={stream.id}
              type="button"
              aria-pressed={stream === state}
              onClick={() => chosenStream.set(stream.id)}
            >
              <span className="dot" data-status={stream.status} role="img" aria-label={told[stream.status]} />
              {stream.name} <span className="live-number">{stream.count}</span>
            </button>
          ))}
        </div>
      )}
      <Stream key={state.id} state={state} isAlone={all.length === 1} />
    </div>
  );
}

function Stream({ state, isAlone }: { state: Live; isAlone: boolean }) {
  const { id, name, status, reason, paused } = state;
  const entries = shown(state);
  const later = waiting(state);
  const newest = entries.find((entry) => 'number' in entry);
  return (
    <section aria-label={`Events of ${name}`}>
      <div className="live-head">
        <p className="live-status" data-status={status} role="status">
          <span className="dot" data-status={status} aria-hidden="true" />
          {told[status]}
        </p>
        <p className="quiet">
          {isAlone ? `${name} · ` : ''}
          {countTold(state)}
        </p>
        <button
          type="button"
          className="btn btn-quiet"
          aria-pressed={paused !== null}
          onClick={() => changeStream(id, pausedOrNot)}
        >
          {paused === null ? 'Pause' : `Resume${later > 0 ? ` (${later} new)` : ''}`}
        </button>
        <button type="button" className="btn btn-quiet" onClick={() => changeStream(id, cleared)}>
          Clear
        </button>
        {isOver(state) ? (
          <button type="button" className="btn btn-line" onClick={() => closeStream(id)}>
            Close
          </button>
        ) : (
          <button type="button" className="btn btn-line" onClick={() => stopStream(id)}>
            Stop
          </button>
        )}
      </div>
      {reason === null ? null : (
        <p className="alarm" role="alert">
          {reason}
        </p>
      )}
      {entries.length === 0 && !isOver(state) ? (
        <p className="empty">Nothing yet. Events show here as they happen, also while you run other tabs.</p>
      ) : null}
      <ol className="live-events" tabIndex={0} aria-label="Events, newest first">
        {entries.map((entry) =>
          'number' in entry ? (
            <li key={entry.number}>
              <Event event={entry} isNewest={entry === newest} />
            </li>
          ) : (
            <li key={`lost until ${entry.at}`} className="live-mark">
              {entry.words} <Clock at={entry.at} />
            </li>
          ),
        )}
      </ol>
    </section>
  );
}

function Event({ event: { number, at, kind, result }, isNewest }: { event: LiveEvent; isNewest: boolean }) {
  const cost = costIn(result);
  const { extensions: _, ...answer } = result as { extensions?: unknown };
  return (
    <details open={isNewest}>
      <summary>
        <span className="live-number">{number}</span>
        <span className="live-kind">{kind}</span>
        {cost === null ? null : <span className="live-number">cost {cost.requested}</span>}
        <Clock at={at} />
      </summary>
      <pre>{JSON.stringify(answer, null, 2)}</pre>
    </details>
  );
}

const Clock = ({ at }: { at: number }) => (
  <time dateTime={new Date(at).toISOString()}>{clock.format(at)}</time>
);

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

const eventsTold = (count: number): string =>
  count === 0 ? 'no events' : `${count} ${count === 1 ? 'event' : 'events'}`;

const countTold = ({ count, events }: Live): string =>
  events.length === EVENTS_KEPT && count > EVENTS_KEPT
    ? `${eventsTold(count)}, the newest ${EVENTS_KEPT} kept`
    : eventsTold(count);
