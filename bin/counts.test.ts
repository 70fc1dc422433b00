import { expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCounts, sum } from './counts.ts';

it('adds up what jest reported; a file that could not be loaded and a missing report are failures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roost-counts-'));
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify({ numPassedTests: 7, numFailedTests: 1, numRuntimeErrorTestSuites: 2 }));
  expect(sum([readCounts(file), readCounts(join(folder, 'missing.json'))])).toEqual({ passed: 7, failed: 4 });
  rmSync(folder, { recursive: true });
});
