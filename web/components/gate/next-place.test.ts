import { expect, it } from '@jest/globals';
import { nextPlace } from './next-place.ts';

it.each(['/', '/@ada', '/tweets/tweet_1?reply#end'])('goes to %s', (next) => {
  expect(nextPlace(next)).toBe(next);
});

it.each([
  undefined,
  '',
  'https://elsewhere.example',
  '//elsewhere.example',
  '/\\elsewhere.example',
  '/..//elsewhere.example',
  '/.//elsewhere.example',
  '/./\\elsewhere.example',
  '/%2e//elsewhere.example',
  '//1234javascript:alert(1)%2F%2F@here',
  'javascript:alert(1)',
  ['/', '/@ada'],
])('goes home rather than to %j', (next) => {
  expect(nextPlace(next)).toBe('/');
});
