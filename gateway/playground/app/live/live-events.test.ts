import { describe, expect, it } from '@jest/globals';
import {
  begun,
  cameBack,
  cleared,
  EVENTS_KEPT,
  isOver,
  pausedOrNot,
  received,
  shown,
  waiting,
  type Live,
} from './live-events.ts';

const event = (n: number) => ({ data: { tweet: { __typename: 'TweetEdited', n } } });
const after = (count: number, from: Live = begun(1, 'tab', 'TweetsLive')): Live => {
  let state = from;
  for (let n = 1; n <= count; n += 1) state = received(state, event(n), n);
  return state;
};
const numbers = (state: Live) =>
  shown(state).map((entry) => ('number' in entry ? entry.number : entry.words));

describe('the events of a stream', () => {
  it('are listed newest first, with when they came and what they are', () => {
    const state = after(2);
    expect(numbers(state)).toEqual([2, 1]);
    expect(shown(state)[0]).toMatchObject({ at: 2, kind: 'TweetEdited' });
    expect(state.status).toBe('live');
  });

  it('are called by their field when they do not say their type, and errors by what they are', () => {
    const kind = (result: object) => {
      const [entry] = shown(received(begun(1, 'tab', 'x'), result, 1));
      return entry && 'kind' in entry ? entry.kind : undefined;
    };
    expect(kind({ data: { tweet: { cursor: 'a' } } })).toBe('tweet');
    expect(kind({ data: null, errors: [{ message: 'no' }] })).toBe('error');
    expect(kind({})).toBe('event');
  });

  it('are bounded: the oldest go, and the count goes on', () => {
    const state = after(EVENTS_KEPT + 5);
    expect(numbers(state)).toHaveLength(EVENTS_KEPT);
    expect(numbers(state).at(-1)).toBe(6);
    expect(state.count).toBe(EVENTS_KEPT + 5);
  });

  it('are told apart by a lost connection, with how long it was and whether something may be missing', () => {
    const lost = after(1, cameBack(after(1), 4_000, 2_345, true));
    expect(numbers(lost)).toEqual([
      2,
      'The connection was lost for 2.3 s. The stream went on behind its last event.',
      1,
    ]);
    expect(lost).toMatchObject({ status: 'live', count: 2 });
    expect(numbers(cameBack(after(0), 4_000, 100, false))[0]).toMatch(
      /What happened meanwhile is not here\.$/,
    );
  });

  it('stand still while paused, and are all there when it goes on', () => {
    const paused = pausedOrNot(after(2));
    const later = received(received(paused, event(3), 3), event(4), 4);
    expect(numbers(later)).toEqual([2, 1]);
    expect(waiting(later)).toBe(2);
    const resumed = pausedOrNot(later);
    expect(numbers(resumed)).toEqual([4, 3, 2, 1]);
    expect(waiting(resumed)).toBe(0);
  });

  it('are cleared, paused or not, without counting anew', () => {
    expect(numbers(cleared(after(2)))).toEqual([]);
    const paused = cleared(pausedOrNot(after(2)));
    expect(numbers(paused)).toEqual([]);
    expect(numbers(pausedOrNot(received(paused, event(3), 3)))).toEqual([3]);
  });
});

it('is over when it was stopped, ended or failed, and not while it reconnects', () => {
  const over = (['connecting', 'live', 'reconnecting', 'stopped', 'ended', 'failed'] as const).filter(
    (status) => isOver({ ...begun(1, 'tab', 'x'), status }),
  );
  expect(over).toEqual(['stopped', 'ended', 'failed']);
});
