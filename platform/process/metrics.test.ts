import { expect, it } from '@jest/globals';
import { Counter } from 'prom-client';
import { registry, serveMetrics } from './metrics.ts';

it('answers with the metrics of the process and those registered, and with nothing else', async () => {
  new Counter({ name: 'tweets_total', help: 'Tweets.', registers: [registry] }).inc(3);
  const server = await serveMetrics({ METRICS_PORT: '0' }, () => Promise.resolve());
  try {
    const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`);
    const text = await answer.text();
    expect(text).toContain('tweets_total 3');
    expect(text).toContain('process_resident_memory_bytes');
    expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(404);
  } finally {
    await server.close();
  }
});

it('says whether the process is ready, and why it is not', async () => {
  let isReady = true;
  const server = await serveMetrics({ METRICS_PORT: '0' }, () =>
    isReady ? Promise.resolve() : Promise.reject(new Error('postgres is away')),
  );
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}/health/${path}`);
    return [answer.status, await answer.text()];
  };
  try {
    expect(await ask('ready')).toEqual([200, 'ok\n']);
    isReady = false;
    expect(await ask('ready')).toEqual([503, 'postgres is away\n']);
    expect(await ask('live')).toEqual([200, 'ok\n']);
  } finally {
    await server.close();
  }
});

it('listens nowhere when no port is said', async () => {
  const server = await serveMetrics({}, () => Promise.resolve());
  expect(server.port).toBe(0);
  await server.close();
});
