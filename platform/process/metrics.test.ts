import { expect, it } from '@jest/globals';
import { Counter } from 'prom-client';
import { registry, serveMetrics } from './metrics.ts';

it('answers with the metrics of the process and those registered, and with nothing else', async () => {
  new Counter({ name: 'tweets_total', help: 'Tweets.', registers: [registry] }).inc(3);
  const server = await serveMetrics({ host: '127.0.0.1', port: 0 });
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
