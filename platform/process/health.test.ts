import { describe, expect, it } from '@jest/globals';
import { readiness } from './health.ts';

const well = () => Promise.resolve();

describe('readiness', () => {
  it('is there when every check passes', async () => {
    const found = await readiness({ postgres: well, redis: well });
    expect(found).toEqual({ ok: true, checks: { postgres: 'ok', redis: 'ok' } });
  });

  it('names the check that fails and why', async () => {
    const found = await readiness({ postgres: well, redis: () => Promise.reject(new Error('refused')) });
    expect(found).toEqual({ ok: false, checks: { postgres: 'ok', redis: 'refused' } });
  });

  it('fails a check that does not answer, and one that throws before it promises', async () => {
    const hung = () => Promise.withResolvers<void>().promise;
    const broken = () => {
      throw new Error('not connected');
    };
    expect(await readiness({ hung, broken }, 5)).toEqual({
      ok: false,
      checks: { hung: 'no answer within 5 ms', broken: 'not connected' },
    });
  });
});
