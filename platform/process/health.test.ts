import { describe, expect, it } from '@jest/globals';
import { createHealth } from './health.ts';

const well = () => Promise.resolve();

describe('health', () => {
  it('is ready when every check passes', async () => {
    const health = createHealth({ checks: { postgres: well, redis: well } });
    expect(await health.ready()).toEqual({ ok: true, checks: { postgres: 'ok', redis: 'ok' } });
  });

  it('names the check that fails and why', async () => {
    const health = createHealth({
      checks: { postgres: well, redis: () => Promise.reject(new Error('refused')) },
    });
    expect(await health.ready()).toEqual({ ok: false, checks: { postgres: 'ok', redis: 'refused' } });
  });

  it('fails a check that does not answer, and one that throws before it promises', async () => {
    const hung = () => Promise.withResolvers<void>().promise;
    const broken = () => {
      throw new Error('not connected');
    };
    const health = createHealth({ checks: { hung, broken }, deadlineMs: 5 });
    expect(await health.ready()).toEqual({
      ok: false,
      checks: { hung: 'no answer within 5 ms', broken: 'not connected' },
    });
  });

  it('is alive but not ready once it drains', async () => {
    const health = createHealth({ checks: { postgres: well } });
    health.drain();
    expect(health.live()).toBe(true);
    expect(await health.ready()).toMatchObject({ ok: false });
  });
});
