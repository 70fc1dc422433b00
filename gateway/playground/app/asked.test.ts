import { expect, it } from '@jest/globals';
import { askedIn } from './asked.ts';

it.each([
  ['query A { a }', 'A', { operationName: 'A', kind: 'query' }],
  ['query A { a } mutation B { b }', 'B', { operationName: 'B', kind: 'mutation' }],
  // What stood there before had this name.
  ['subscription C { c }', 'Before', { operationName: 'C', kind: 'subscription' }],
  ['{ a }', 'Before', { operationName: undefined, kind: 'query' }],
  ['{ a }', undefined, { operationName: undefined, kind: 'query' }],
  // The server says what is wrong with these.
  ['query A { a } mutation B { b }', 'Before', { operationName: undefined, kind: null }],
  ['query A { a', 'A', { operationName: undefined, kind: null }],
  ['fragment F on T { a }', null, { operationName: undefined, kind: null }],
])('of %j, by the name %j, %j is meant', (query, name, meant) => {
  expect(askedIn(query, name)).toEqual(meant);
});
