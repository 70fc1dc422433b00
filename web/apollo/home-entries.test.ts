import { describe, expect, it } from '@jest/globals';
import { joined, ownCursor, unsentId, withoutTwins, type AnyEntry } from './home-entries.ts';

const anEntry = (minute: number, over: Partial<AnyEntry> = {}): AnyEntry => ({
  cursor: `c${minute}`,
  enteredAt: `2026-11-21T18:${String(minute).padStart(2, '0')}:00.000Z`,
  because: { __typename: 'FollowedAuthor' },
  node: { id: `tweet_${minute}`, text: `At ${minute}` },
  ...over,
});
const cursors = (entries: readonly AnyEntry[]) => entries.map(({ cursor }) => cursor);

describe('joined', () => {
  it('puts each entry at its place by time, once', () => {
    expect(cursors(joined([anEntry(5), anEntry(3)], [anEntry(4), anEntry(3), anEntry(1)]))).toEqual([
      'c5',
      'c4',
      'c3',
      'c1',
    ]);
  });

  it('keeps the order of entries of one moment', () => {
    const at = anEntry(4).enteredAt;
    const held = [anEntry(6, { enteredAt: at }), anEntry(4), anEntry(2, { enteredAt: at })];
    expect(cursors(joined([], held))).toEqual(['c6', 'c4', 'c2']);
  });

  it('lets the true entry take the place of one’s own, whichever came first', () => {
    const own = anEntry(4, { cursor: ownCursor('tweet_4') });
    expect(cursors(joined([anEntry(4)], [own, anEntry(1)]))).toEqual(['c4', 'c1']);
    expect(cursors(joined([own], [anEntry(4), anEntry(1)]))).toEqual(['c4', 'c1']);
  });
});

describe('withoutTwins', () => {
  const unsent = (text: string) =>
    anEntry(9, { because: { __typename: 'OwnPost' }, node: { id: unsentId('key'), text } });

  it('drops a tweet on its way out that the stream brought already', () => {
    const streamed = anEntry(9, {
      because: { __typename: 'OwnPost' },
      node: { id: 'tweet_9', text: 'Hello' },
    });
    expect(cursors(withoutTwins([unsent('Hello'), streamed]))).toEqual([streamed.cursor]);
  });

  it('keeps it beside the same words of long ago, and of others', () => {
    const before = anEntry(1, { because: { __typename: 'OwnPost' }, node: { id: 'tweet_1', text: 'Hello' } });
    const another = anEntry(8, { node: { id: 'tweet_8', text: 'Hello' } });
    expect(withoutTwins([unsent('Hello'), another, before])).toHaveLength(3);
  });
});
