import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, validate, visit } from 'graphql';
import { playgroundLinkOf } from './page-links.ts';
import { operationIn } from './playground/app/share.ts';
import { startSmallSupergraph, type SmallSupergraph } from './small-supergraph.ts';

const sdl = readFileSync(join(import.meta.dirname, 'supergraph.graphql'), 'utf8');
const schema = Supergraph.build(sdl).apiSchema().toGraphQLJSSchema();

const linkOf = (path: string) => playgroundLinkOf(new URL(path, 'http://localhost:4000'));
const operationOf = (path: string) =>
  operationIn(new URL(linkOf(path) ?? '', 'http://localhost:4000').hash) ?? '';
function textsIn(operation: string): string[] {
  const texts: string[] = [];
  visit(parse(operation), { StringValue: ({ value }) => void texts.push(value) });
  return texts;
}

describe('a page of the web client, where there is none', () => {
  it.each([
    ['/verify-email?token=fKSG-_0', ['fKSG-_0']],
    ['/reset-password?token=fKSG-_0', ['fKSG-_0', '']],
    ['/reset-password', ['']],
    ['/@ada', ['ada']],
    ['/tweets/123', ['tweet_123']],
    ['/hashtags/v%C3%B6gel', ['vögel']],
    ['/verify-email?token=%22%29%7Bemail%7D%5C', ['"){email}\\']],
    ['/@%22%0A%7D', ['"\n}']],
  ])('%s is an operation of the API', (path, texts) => {
    const operation = operationOf(path);
    expect(validate(schema, parse(operation))).toEqual([]);
    expect(textsIn(operation)).toEqual(texts);
  });

  it.each(['/', '/sign-in'])('%s is the playground as it is', (path) => {
    expect(linkOf(path)).toBe('/graphql');
  });

  it.each(['/health', '/constructor', '/tweets/%E0%A4%A', '/favicon.ico'])('%s is nothing', (path) => {
    expect(linkOf(path)).toBeNull();
  });
});

describe('a gateway', () => {
  let supergraph: SmallSupergraph;
  beforeAll(async () => {
    supergraph = await startSmallSupergraph('in process');
  });
  afterAll(() => supergraph.stop());
  const open = (path: string, accept: string) =>
    fetch(`${supergraph.gateway.url}${path}`, { headers: { accept }, redirect: 'manual' });

  it('sends a browser there, and tells a program that there is nothing', async () => {
    const { status, headers } = await open('/@ada', 'text/html,*/*');
    expect([status, headers.get('location')]).toEqual([303, linkOf('/@ada')]);
    expect((await open('/@ada', 'application/json')).status).toBe(404);
    expect((await open('/nothing', 'text/html')).status).toBe(404);
  });
});
