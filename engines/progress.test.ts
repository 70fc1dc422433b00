import { describe, expect, it } from '@jest/globals';
import { PassThrough } from 'node:stream';
import type { EngineProgress } from './engine.ts';
import { printProgress, progressLine } from './progress.ts';

const starting: EngineProgress = { engine: 'kafka', state: 'starting', elapsedMs: 0 };
const ready: EngineProgress = { engine: 'kafka', state: 'ready', elapsedMs: 2460 };

function printed(isTTY: boolean, progress: EngineProgress[]): string {
  const out = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY });
  progress.forEach(printProgress(out));
  return String(out.read());
}

describe('progress', () => {
  it('says how long an engine took', () => {
    expect(progressLine(ready)).toBe('Kafka: ready in 2.5 s');
  });

  it('says why an engine restarts', () => {
    const died: EngineProgress = {
      engine: 'redis',
      state: 'restarting',
      detail: 'ended with SIGKILL',
      elapsedMs: 0,
    };
    expect(progressLine(died)).toBe('Redis: restarting (ended with SIGKILL)');
  });

  it('is a line for each change where it is not read on a terminal', () => {
    expect(printed(false, [starting, ready])).toBe('Kafka: starting\nKafka: ready in 2.5 s\n');
  });

  it('shows on a terminal what is on its way in one line that gives way', () => {
    expect(printed(true, [starting, ready])).toBe(
      '\r\u001B[KKafka: starting\r\u001B[KKafka: ready in 2.5 s\n',
    );
  });
});
