import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { documentIdOf, post } from './persisted.ts';
import { HomeTimelineDocument } from '../graphql.generated/graphql.ts';
import { createCache } from './client.ts';

/** Knows one id. */
const gateway = createServer((request, response) => {
  void text(request).then((body) => {
    asked.push(body);
    const { documentId, query } = JSON.parse(body) as { documentId?: string; query?: string };
    response.writeHead(query === undefined && documentId !== 'known' ? 404 : 200).end();
  });
});
const asked: string[] = [];
let url: string;
beforeAll(async () => {
  await once(gateway.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
});
afterAll(() => void gateway.close());

const ask = async (documentId: string | undefined) => {
  asked.length = 0;
  const answer = await post(url, { query: '{ a }', documentId, variables: {} }, {});
  return [answer.status, ...asked.map((body) => JSON.parse(body) as unknown)];
};

it('names an operation by its id, and says the whole to a gateway that does not know it', async () => {
  expect(await ask('known')).toEqual([200, { documentId: 'known', variables: {} }]);
  expect(await ask('new')).toEqual([
    200,
    { documentId: 'new', variables: {} },
    { query: '{ a }', variables: {} },
  ]);
  expect(await ask(undefined)).toEqual([200, { query: '{ a }', variables: {} }]);
});

it('knows the id of an operation as the cache of the client leaves it', () => {
  const id = documentIdOf(HomeTimelineDocument);
  expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(documentIdOf(createCache().transformDocument(HomeTimelineDocument))).toBe(id);
});
