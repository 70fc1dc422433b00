import { describe, expect, it } from '@jest/globals';
import { compareIds } from '../platform/ids.ts';
import { plainText } from '../platform/text/plain-text.ts';
import { weightedLength } from '../platform/text/parse-entities.ts';
import { inventFollows } from './graph.ts';
import { inventPeople } from './people.ts';
import { createRandom } from './random.ts';
import { inventEntries } from './tweets.ts';

const ANCHOR = Date.UTC(2026, 10, 21, 12);

function invent(seed: number) {
  const random = createRandom(seed);
  const people = inventPeople(60, ANCHOR, random);
  const follows = inventFollows(people, random);
  return { people, follows, entries: inventEntries(people, follows, 1500, ANCHOR, random) };
}

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
    const texts = demo.entries.flatMap((entry) => (entry.text === null ? [] : [entry.text]));
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
    demo.follows.forEach((whom, index) => expect(whom.has(index)).toBe(false));
  });
});
