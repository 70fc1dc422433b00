import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { getOperationAST, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { testDatabase, type TestDatabase } from './databases.ts';
import { join, PASSWORD, type Person } from './person.ts';
import { startSupergraph, type TestSupergraph } from './supergraph.ts';

const opened = new AsyncDisposableStack();
let database: TestDatabase;
let supergraph: TestSupergraph;
let ada: Person;

beforeAll(async () => {
  database = opened.adopt(await testDatabase(), (own) => own.drop());
  supergraph = opened.adopt(await startSupergraph(database.env), (own) => own.stop());
  ada = await join(supergraph, 'ada');
  await ada.post('Hello');
}, 120_000);
afterAll(() => opened.disposeAsync(), 60_000);

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${supergraph.origin}${path}`, { headers });

describe('the playground', () => {
  const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

  it('is shown to a browser, and loads nothing from another host', async () => {
    const page = await get('/graphql', browser);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/);

    const html = await page.text();
    expect(html).not.toMatch(/https?:\/\//);
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(loaded.length).toBeGreaterThan(1);
    for (const path of loaded) {
      const file = await get(path);
      expect({ path, status: file.status }).toEqual({ path, status: 200 });
      const text = await file.text();
      // What a file could load by itself: imports, style sheets, fonts, workers, scripts.
      expect(text).not.toMatch(
        /(?:\bimport|\bfrom|importScripts\(|new Worker\(|url\(|@import)\s*\(?["']?https?:/,
      );
    }
  });

  const folder = joinPath(import.meta.dirname, '../gateway/playground/operations');
  const saved = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
  const own: Record<string, object> = { '1-sign-in.graphql': {}, '5-look-around.graphql': {} };

  it.each(saved)('has %s ready to run', async (file) => {
    const query = readFileSync(joinPath(folder, file), 'utf8');
    own['1-sign-in.graphql'] = { login: ada.username, password: PASSWORD };
    own['3-post.graphql'] = { text: 'From the playground', idempotencyKey: 'playground' };
    own['5-look-around.graphql'] = { username: ada.username };
    const variables = own[file] ?? {};
    if (getOperationAST(parse(query))?.operation === 'subscription') {
      expect(await firstEvent(query)).toMatchObject({
        data: { homeTimeline: { cursor: expect.any(String) } },
      });
      return;
    }
    const { status, data, errors } = await supergraph.ask<Record<string, unknown>>(
      query,
      variables,
      ada.token,
    );
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
    expect(Object.values(data)).not.toContain(null);
    expect(JSON.stringify(data)).not.toContain('"message"');
  });

  async function firstEvent(query: string): Promise<unknown> {
    const client = createClient({
      url: `${supergraph.origin.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${ada.token}` },
      retryAttempts: 0,
    });
    try {
      const { liveCursor } = await ada.home();
      await ada.post('For the stream');
      for await (const event of client.iterate({ query, variables: { after: liveCursor } })) return event;
      return null;
    } finally {
      await client.dispose();
    }
  }
});

describe('health', () => {
  it('tells that the process lives, and that it can do its work', async () => {
    const live = await get('/health/live');
    expect({ status: live.status, body: await live.json() }).toEqual({ status: 200, body: { ok: true } });
    const ready = await get('/health/ready');
    expect({ status: ready.status, body: await ready.json() }).toEqual({
      status: 200,
      body: { ok: true, checks: { user: 'ok', tweet: 'ok', follow: 'ok', timeline: 'ok' } },
    });
  });
});

describe('metrics', () => {
  it('have a port of their own, and are not where users are', async () => {
    const metrics = await fetch(`${supergraph.metricsOrigin}/metrics`);
    expect(await metrics.text()).toMatch(/^roost_gateway_operation_seconds_count\{.*\} \d+$/m);
    expect((await get('/metrics')).status).toBe(404);
  });
});

describe('an avatar', () => {
  it('is drawn for everybody, at the address that the API tells', async () => {
    const { user } = await ada.ask<{ user: { avatarUrl: string } }>(
      'query ($username: String!) { user(username: $username) { avatarUrl } }',
      { username: ada.username },
    );
    const avatar = await get(new URL(user.avatarUrl).pathname);
    expect(avatar.headers.get('content-type')).toBe('image/svg+xml');
    expect(avatar.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await avatar.text()).toMatch(/^<svg /);
    expect((await get('/avatars/0x10.svg')).status).toBe(404);
    expect((await get('/avatars/../secrets.json')).status).toBe(404);
  });
});
