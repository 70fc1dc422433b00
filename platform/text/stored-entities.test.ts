import { expect, it } from '@jest/globals';
import { parseEntities } from './parse-entities.ts';
import { namesIn, storedEntities } from './stored-entities.ts';

it('lets mentions mean accounts, and those of nobody be plain text', () => {
  const entities = parseEntities('With @Bob, @bob and @nobody at #Work');
  expect(namesIn(entities)).toEqual(['bob', 'nobody']);
  expect(storedEntities(entities, new Map([['bob', '7']]))).toEqual([
    { type: 'mention', start: 5, end: 9, userId: '7' },
    { type: 'mention', start: 11, end: 15, userId: '7' },
    { type: 'hashtag', start: 31, end: 36, tag: 'work' },
  ]);
});
