import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCounts, type Counts } from './counts.ts';
import { runNode, tool, type ProgramOptions, type ProgramResult } from './programs.ts';

/** ES modules in jest still need the flag, and Node says with every run that it is experimental. */
const flags = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=TimeoutNegativeWarning',
  tool('jest/bin/jest.js'),
];

/** Runs jest to its end and counts. Not ok when a test fails, a file cannot be loaded, or jest itself ends badly. */
export async function runJest(
  args: string[],
  options: ProgramOptions,
): Promise<ProgramResult & { counts: Counts }> {
  const folder = mkdtempSync(join(tmpdir(), 'roost-jest-'));
  try {
    const outputFile = join(folder, 'report.json');
    const result = await runNode([...flags, ...args, '--json', `--outputFile=${outputFile}`], options);
    return { ...result, counts: readCounts(outputFile) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** jest open on the terminal, until it is closed. */
export const watchJest = (args: string[]): Promise<ProgramResult> =>
  runNode([...flags, ...args], { output: 'show' });
