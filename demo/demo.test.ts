import { describe, expect, it } from '@jest/globals';
import { compareIds } from '../platform/ids.ts';
import { plainText } from '../platform/text/plain-text.ts';
import { weightedLength } from '../platform/text/parse-entities.ts';
import { inventDemo } from './load.ts';
import { ADA, MINA } from './people.ts';

const ANCHOR = Date.UTC(2026, 10, 21, 12);

const invent = (seed: number) => inventDemo({ seed, people: 60, tweets: 1500, anchorMs: ANCHOR });

describe('the demo graph', () => {
  const demo = invent(7);

  it('is the same for the same seed and hour, and another for another seed', () => {
    expect(invent(7)).toEqual(demo);
    expect(invent(8).entries).not.toEqual(demo.entries);
  });

  it('has the account that the README names, and no username twice', () => {
    expect(demo.people.some((person) => person.username === 'ada')).toBe(true);
    expect(new Set(demo.people.map((person) => person.username)).size).toBe(60);
  });

  it('has texts that its own API would take', () => {
    const texts = demo.entries.flatMap((entry) =>
      [entry.text ?? '', entry.slip ?? ''].filter((text) => text !== ''),
    );
    expect(texts.filter((text) => weightedLength(text) > 280 || plainText(text).type === 'refused')).toEqual(
      [],
    );
    expect(texts.filter((text) => /[{}]/.test(text))).toEqual([]);
  });

  it('answers and retweets only what came before, and each tweet at most once', () => {
    const { entries } = demo;
    expect(entries.map((entry) => entry.id).toSorted(compareIds)).toEqual(entries.map((entry) => entry.id));
    entries.forEach((entry, index) => {
      expect(entry.inReplyTo ?? -1).toBeLessThan(index);
      expect(entry.retweetOf ?? -1).toBeLessThan(index);
    });
    const retweets = entries.flatMap((entry) =>
      entry.retweetOf === null ? [] : [`${entry.author} ${entry.retweetOf}`],
    );
    expect(retweets.length).toBeGreaterThan(0);
    expect(new Set(retweets).size).toBe(retweets.length);
  });

  it('lets nobody follow themselves', () => {
    demo.followed.forEach((whom, index) => expect(whom.has(index)).toBe(false));
  });

  it('has something of every kind for those whom the documents name', () => {
    const { people, followed, ties, entries, keepsakes } = demo;
    expect(people[MINA]).toMatchObject({ username: 'mina', isProtected: true });
    expect(people.some(({ username, isProtected }) => username === 'noor' && !isProtected)).toBe(true);
    expect(ties.requests).toContainEqual([ADA, MINA]);
    expect(followed[ADA]?.has(MINA)).toBe(false);
    for (const all of [ties.blocks, ties.mutes, ties.hiddenRetweets]) {
      expect(all.some(([from]) => from === ADA)).toBe(true);
    }
    for (const all of [ties.blocks, ties.mutes]) expect(all.some(([, to]) => to === ADA)).toBe(true);
    expect(keepsakes.pins.has(ADA)).toBe(true);
    expect(keepsakes.bookmarks.some(({ person }) => person === ADA)).toBe(true);
    expect(entries.some(({ author, text }) => author === ADA && text !== null)).toBe(true);
    for (const kind of ['quoteOf', 'inReplyTo', 'retweetOf', 'slip'] as const) {
      expect(entries.some((entry) => entry[kind] !== null)).toBe(true);
    }
    expect(new Set(entries.map(({ replyPolicy }) => replyPolicy)).size).toBe(3);
    expect(entries.some(({ text }) => text === '')).toBe(true);
  });

  it('keeps to the rules of protection and blocks', () => {
    const { people, followed, ties, entries } = demo;
    for (const [from, to] of ties.blocks) {
      expect(followed[from]?.has(to) === true || followed[to]?.has(from) === true).toBe(false);
    }
    for (const [from, to] of ties.requests) {
      expect(people[to]?.isProtected).toBe(true);
      expect(from === to || followed[from]?.has(to)).toBe(false);
    }
    for (const { quoteOf, retweetOf } of entries) {
      const shared = entries[quoteOf ?? retweetOf ?? -1];
      if (shared !== undefined) {
        expect(people[shared.author]?.isProtected).toBe(false);
        expect(shared.text).toMatch(/./);
      }
    }
  });
});
