import { describe, expect, it } from '@jest/globals';
import { happeningsOf } from './live-event.ts';
import type { Announcement } from './live-log.ts';
import type { SeenEntry, Verdict } from './visibility-gate.ts';

const seen = (id: string): SeenEntry => ({
  id,
  tweetId: '10',
  authorId: '1',
  authorName: 'ada',
  followedAt: new Date(0),
  answering: null,
});
const announced = (kind: 'added' | 'removed', entryId: string): Announcement => ({
  kind,
  position: '1-1',
  entryId,
  tweetId: '10',
  viewerIds: ['2'],
});
const verdict = (entryId: string, passes: boolean): Verdict => ({
  viewerId: '2',
  entryId,
  tweetId: '10',
  entry: passes ? seen(entryId) : null,
});
const told = (announcements: Announcement[], verdicts: Verdict[]) =>
  happeningsOf(announcements, verdicts).map((each) =>
    each.kind === 'added' || each.kind === 'removed'
      ? [each.kind, each.entries.map(({ id }) => id)]
      : each.kind,
  );

describe('what announcements mean to a viewer', () => {
  it('is nothing for an entry that may not be seen', () => {
    expect(told([announced('added', '10')], [verdict('10', false)])).toEqual([]);
  });

  it('is one event for entries that came together, newest first', () => {
    const announcements = ['9', '11', '10'].map((id) => announced('added', id));
    expect(
      told(
        announcements,
        ['9', '11', '10'].map((id) => verdict(id, true)),
      ),
    ).toEqual([['added', ['11', '10', '9']]]);
  });

  it('is a removal first, when a later entry comes in place of an earlier', () => {
    expect(told([announced('removed', '10')], [verdict('10', false), verdict('11', true)])).toEqual([
      ['removed', ['10']],
      ['added', ['11']],
    ]);
  });

  it('is a removal for a later entry that has to go for an earlier one', () => {
    const both = [verdict('10', true), verdict('11', false)];
    for (const announcements of [
      [announced('added', '10')],
      [announced('added', '11'), announced('added', '10')],
    ]) {
      expect(told(announcements, both)).toEqual([
        ['removed', ['11']],
        ['added', ['10']],
      ]);
    }
  });

  it('is at most a hundred entries an event, and a reset last', () => {
    const ids = Array.from({ length: 250 }, (_, at) => String(1000 + at));
    const happenings = happeningsOf(
      [
        ...ids.map((id) => announced('added', id)),
        { kind: 'reset', cause: 'REBUILT', position: '2-1', viewerIds: ['2'] },
      ],
      ids.map((id) => verdict(id, true)),
    );
    expect(happenings.map((each) => (each.kind === 'added' ? each.entries.length : each.kind))).toEqual([
      100,
      100,
      50,
      'reset',
    ]);
  });
});
