import { useGraphiQLActions } from '@graphiql/react';
import { costIn, costTold } from '../runs.ts';
import {
  cleared,
  EVENTS_KEPT,
  isOver,
  live,
  pausedOrNot,
  shown,
  waiting,
  type Live,
  type LiveStatus,
} from './live-events.ts';

const told: Record<LiveStatus, string> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
  stopped: 'Stopped',
  ended: 'Ended by the server',
  failed: 'Ended',
};

/** The events of the subscription that runs, newest first. */
export function LivePane({ state }: { state: Live }) {
  const { stop } = useGraphiQLActions();
  const events = shown(state);
  const later = waiting(state);
  const cost = costIn(state.events[0]?.result);
  return (
    <section className="live" aria-label={`Events of ${state.name}`}>
      <div className="live-head">
        <p className="live-status" data-status={state.status} role="status">
          <span className="dot" aria-hidden="true" />
          {told[state.status]}
        </p>
        <p className="quiet">{[countTold(state), ...(cost === null ? [] : costTold(cost))].join(' · ')}</p>
        <span className="push" />
        <button
          type="button"
          className="btn btn-quiet"
          aria-pressed={state.paused !== null}
          onClick={() => live.set(pausedOrNot(state))}
        >
          {state.paused === null ? 'Pause' : `Resume${later > 0 ? ` (${later} new)` : ''}`}
        </button>
        <button type="button" className="btn btn-quiet" onClick={() => live.set(cleared(state))}>
          Clear
        </button>
        <button type="button" className="btn btn-line" disabled={isOver(state)} onClick={stop}>
          Stop
        </button>
      </div>
      {state.reason === null ? null : (
        <p className="alarm" role="alert">
          {state.reason}
        </p>
      )}
      {events.length === 0 ? <p className="empty">Nothing yet. Events show here as they happen.</p> : null}
      <ol className="live-events" tabIndex={0} aria-label="Events, newest first">
        {events.map(({ number, at, kind, result }) => (
          <li key={number}>
            <details open={number === events[0]?.number}>
              <summary>
                <span className="live-number">{number}</span>
                <span className="live-kind">{kind}</span>
                <time dateTime={new Date(at).toISOString()}>{clock.format(at)}</time>
              </summary>
              <pre>{JSON.stringify(result, null, 2)}</pre>
            </details>
          </li>
        ))}
      </ol>
    </section>
  );
}

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

function countTold({ count, events }: Live): string {
  if (count === 0) return '';
  const all = `${count} ${count === 1 ? 'event' : 'events'}`;
  return events.length === EVENTS_KEPT && count > EVENTS_KEPT
    ? `${all}, the newest ${EVENTS_KEPT} kept`
    : all;
}
