import { expect, it } from '@jest/globals';
import { hashtagNamed } from './hashtag.ts';

it.each([
  ['Terns', 'terns'],
  ['#Terns', 'terns'],
  [' ＃Çay ', 'çay'],
  ['a'.repeat(280), 'a'.repeat(280)],
])('knows %j as a hashtag', (text, name) => {
  expect(hashtagNamed(text)).toBe(name);
});

it.each(['', '#', '1', 'a b', 'a.b', 'a'.repeat(281)])('knows no hashtag in %j', (text) => {
  expect(hashtagNamed(text)).toBe(null);
});
