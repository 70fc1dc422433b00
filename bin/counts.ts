import { readFileSync } from 'node:fs';
import { z } from 'zod';

export interface Counts {
  passed: number;
  failed: number;
}

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
});

/** What jest wrote with `--json --outputFile`. A file that could not even be loaded counts as one failure, and so does a missing report. */
export function readCounts(file: string): Counts {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = report.parse(
      JSON.parse(readFileSync(file, 'utf8')),
    );
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

export const sum = (all: Counts[]): Counts => ({
  passed: all.reduce((total, { passed }) => total + passed, 0),
  failed: all.reduce((total, { failed }) => total + failed, 0),
});
