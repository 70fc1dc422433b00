import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import { afterAll, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { WebSocket } from 'ws';
import { createDocuments } from './documents.ts';
import { readPersistedOperations } from './persisted-operations.ts';
import { startSmallSupergraph, type SmallSupergraph } from './small-supergraph.ts';

const idOf = (text: string) => createHash('sha256').update(text).digest('hex');

const ENTRY = 'query Entry($cursor: ID!) { entry(cursor: $cursor) { cursor } }';
const STREAM = 'subscription { home { cursor } }';

const folder = mkdtempSync(join(tmpdir(), 'roost-persisted-'));
const manifest = join(folder, 'manifest.json');
writeFileSync(manifest, JSON.stringify({ [`sha256:${idOf(ENTRY)}`]: ENTRY, [idOf(STREAM)]: STREAM }));
const open: SmallSupergraph[] = [];
afterAll(async () => {
  await Promise.all(open.map((supergraph) => supergraph.stop()));
  rmSync(folder, { recursive: true });
});

async function start(env: NodeJS.ProcessEnv) {
  const supergraph = await startSmallSupergraph('in process', env);
  open.push(supergraph);
  const url = `${supergraph.gateway.url}/graphql`;
  const answerOf = async (response: Response) => ({
    status: response.status,
    ...((await response.json()) as { data?: unknown; errors?: { message: string; extensions: object }[] }),
  });
  return {
    supergraph,
    post: async (body: object) =>
      answerOf(
        await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      ),
    get: async (search: Record<string, string>) =>
      answerOf(
        await fetch(`${url}?${new URLSearchParams(search).toString()}`, {
          headers: { 'apollo-require-preflight': '1' },
        }),
      ),
    /** What comes first of an operation on a socket. */
    overSocket: async (payload: object) => {
      const socket = new WebSocket(url.replace('http', 'ws'), ['graphql-transport-ws']);
      const { promise, resolve } = Promise.withResolvers<{ type: string; payload: unknown }>();
      socket.on('open', () => socket.send('{"type":"connection_init"}'));
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as { type: string; payload: unknown };
        if (message.type === 'connection_ack')
          socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
        else resolve(message);
      });
      const message = await promise;
      socket.close();
      return message;
    },
  };
}

describe('operations that were written down', () => {
  const running = start({ PERSISTED_OPERATIONS: manifest });
  const variables = { cursor: 'a' };
  const data = { entry: { cursor: 'a' } };

  it('are named by the hash of their text, with and without its name', async () => {
    const { post } = await running;
    expect(await post({ documentId: idOf(ENTRY), variables })).toMatchObject({ data });
    expect(await post({ documentId: `sha256:${idOf(ENTRY)}`, variables })).toMatchObject({ data });
  });

  it('are named so by GET and on a socket, too', async () => {
    const { get, overSocket } = await running;
    const search = { documentId: idOf(ENTRY), variables: JSON.stringify(variables) };
    expect(await get(search)).toMatchObject({ data });
    expect(await overSocket({ documentId: idOf(ENTRY), variables })).toMatchObject({
      type: 'next',
      payload: { data },
    });
  });

  it('leave others as they are', async () => {
    const { post } = await running;
    expect(await post({ query: '{ entry(cursor: "b") { cursor } }' })).toMatchObject({
      data: { entry: { cursor: 'b' } },
    });
  });

  it.each(['x', idOf('{ caller }'), '__proto__', 'constructor'])(
    'are not found by %s',
    async (documentId) => {
      const { post, overSocket } = await running;
      const errors = [{ message: expect.stringContaining('documentId'), extensions: { code: 'NOT_FOUND' } }];
      expect(await post({ documentId })).toMatchObject({ status: 404, errors });
      expect(await overSocket({ documentId })).toMatchObject({ type: 'error', payload: errors });
    },
  );

  it.each([
    ['no JSON', 'nonsense'],
    ['a list', '["query"]'],
    ['an id that is not the hash of its text', JSON.stringify({ [idOf('a')]: '{ caller }' })],
  ])('are no %s', (_, text) => {
    const file = join(folder, `${randomUUID()}.json`);
    writeFileSync(file, text);
    expect(() => readPersistedOperations(file)).toThrow('PERSISTED_OPERATIONS');
  });
});

describe('a gateway of those alone', () => {
  const running = start({ PERSISTED_OPERATIONS: manifest, ONLY_PERSISTED_OPERATIONS: '1' });
  const refusal = [
    { message: expect.stringContaining('written down beforehand'), extensions: { code: 'FORBIDDEN' } },
  ];

  it('answers them, by id and by text', async () => {
    const { post } = await running;
    const variables = { cursor: 'a' };
    expect((await post({ documentId: idOf(ENTRY), variables })).status).toBe(200);
    expect((await post({ query: ENTRY, variables })).status).toBe(200);
  });

  it('refuses all others, on a socket too', async () => {
    const { post, overSocket } = await running;
    for (const query of ['{ caller }', `${ENTRY} `, '{ __schema { queryType { name } } caller }'])
      expect(await post({ query })).toMatchObject({ status: 403, errors: refusal });
    expect(await overSocket({ query: 'subscription { home { cursor author { id } } }' })).toMatchObject({
      type: 'error',
      payload: refusal,
    });
  });

  it('keeps no query for anybody', async () => {
    const { post } = await running;
    const query = '{ caller }';
    const extensions = { persistedQuery: { version: 1, sha256Hash: idOf(query) } };
    expect((await post({ extensions })).errors?.[0]?.message).toBe('PersistedQueryNotSupported');
    expect((await post({ query, extensions })).data).toBeUndefined();
  });

  it('still tells its schema, for the playground', async () => {
    const { post } = await running;
    expect((await post({ query: getIntrospectionQuery() })).status).toBe(200);
  });
});

it('keeps its schema to itself where introspection is switched off', async () => {
  const { post } = await start({ INTROSPECTION: '0' });
  const errors = [{ message: expect.stringContaining('Introspection is switched off') }];
  expect(await post({ query: getIntrospectionQuery() })).toMatchObject({ status: 400, errors });
  expect(await post({ query: '{ caller __type(name: "User") { name } }' })).toMatchObject({ errors });
  const nearly = await post({ query: '{ callr }' });
  expect(nearly.errors?.map(({ message }) => message)).toEqual([
    'Cannot query field "callr" on type "Query".',
  ]);
  expect((await post({ query: '{ __typename caller }' })).data).toBeDefined();
});

describe('queries that a client has kept', () => {
  const running = start({});
  const query = '{ entry(cursor: "kept") { cursor } }';
  const extensions = { persistedQuery: { version: 1, sha256Hash: idOf(query) } };

  it('are sent once, and named by their hash from then on', async () => {
    const { post } = await running;
    expect((await post({ extensions })).errors?.[0]).toMatchObject({ message: 'PersistedQueryNotFound' });
    expect((await post({ query, extensions })).data).toEqual({ entry: { cursor: 'kept' } });
    expect((await post({ extensions })).data).toEqual({ entry: { cursor: 'kept' } });
  });

  it('are not what they are not: another hash, or a text that can not be run', async () => {
    const { post } = await running;
    const other = { persistedQuery: { version: 1, sha256Hash: idOf('{ caller }') } };
    const errors = [{ message: 'provided sha does not match query', extensions: { code: 'BAD_USER_INPUT' } }];
    expect(await post({ query, extensions: other })).toMatchObject({ status: 400, errors });
    const broken = '{ nope }';
    const named = { persistedQuery: { version: 1, sha256Hash: idOf(broken) } };
    expect((await post({ query: broken, extensions: named })).status).toBe(400);
    expect((await post({ extensions: named })).errors?.[0]?.message).toBe('PersistedQueryNotFound');
  });
});

it('knows what the web client was built with, and lets all of it run', () => {
  const root = join(import.meta.dirname, '..');
  const sdl = readFileSync(join(root, 'gateway/supergraph.graphql'), 'utf8');
  const schema = Supergraph.build(sdl).apiSchema().toGraphQLJSSchema();
  const file = join(root, 'web/graphql.generated/persisted-documents.json');
  const persisted = readPersistedOperations(file);
  const documents = createDocuments(() => schema, {
    introspection: false,
    only: persisted,
    writtenDown: persisted,
  });
  const ids = Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object);
  expect(ids.length).toBeGreaterThan(10);
  for (const id of ids)
    expect(documents.read(persisted.textOf(id) ?? '')).toMatchObject({ errors: [], isNew: false });
});
