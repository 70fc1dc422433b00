import { expect, it } from '@jest/globals';
import { linkTo, operationIn } from './share.ts';

const page = 'https://roost.example/graphql';

it('carries an operation, whatever is in it, in the part of an address that no server sees', () => {
  const operation = 'query A {\n  search(words: "#1 & 100% 🐦") { id }\n}\n';
  const link = new URL(linkTo(page, operation));
  expect(link.origin + link.pathname + link.search).toBe(page);
  expect(operationIn(link.hash)).toBe(operation);
});

it.each(['', '#', '#other=1', '#operation=', '#operation=%E0%A4%A'])('takes nothing from %p', (fragment) => {
  expect(operationIn(fragment)).toBeNull();
});
