import { generate } from './generated.ts';
import type { Counts } from './counts.ts';
import { runJest } from './jest.ts';
import { runNode, tool } from './programs.ts';
import { seconds } from './steps.ts';

interface Check {
  name: string;
  run: (signal: AbortSignal) => Promise<{ ok: boolean; output: string; counts?: Counts }>;
}

const program =
  (...args: string[]): Check['run'] =>
  (signal) =>
    runNode(args, { output: 'keep', signal, env: { FORCE_COLOR: process.stdout.isTTY ? '1' : '0' } });

/** The longest first, so that the two lanes end at about the same time. */
const checks: Check[] = [
  { name: 'unit tests', run: (signal) => runJest(['--selectProjects', 'unit'], { output: 'keep', signal }) },
  { name: 'lint', run: program(tool('oxlint/bin/oxlint'), '--deny-warnings') },
  { name: 'format', run: program(tool('prettier/bin/prettier.cjs'), '--check', '--cache', '.') },
  { name: 'types', run: program(tool('typescript/bin/tsc'), '-p', '.') },
  { name: 'web types', run: program(tool('typescript/bin/tsc'), '-p', 'web') },
  { name: 'page types', run: program(tool('typescript/bin/tsc'), '-p', 'gateway/playground/app') },
  { name: 'unused code', run: program(tool('knip/bin/knip.js')) },
  { name: 'composition', run: program('gateway/compose.ts', '--check') },
  { name: 'events', run: program('platform/events/generate.ts', '--check') },
];
const lanes = 2;

/**
 * Everything that can be known without an engine. Prints a line per check; the first failure ends the others and is
 * shown whole. The counts are those of the unit tests, and one failure for any other check that fails.
 */
export async function check(): Promise<Counts> {
  const failed = new AbortController();
  const waiting = [...checks];
  const counts: Counts = { passed: 0, failed: 0 };

  const lane = async () => {
    for (let next = waiting.shift(); next && !failed.signal.aborted; next = waiting.shift())
      await perform(next);
  };
  const perform = async ({ name, run }: Check) => {
    const began = performance.now();
    const result = await run(failed.signal);
    if (failed.signal.aborted) return;
    console.log(
      `  ${result.ok ? '✓' : '✗'} ${name.padEnd(14)} ${seconds(performance.now() - began).padStart(7)}`,
    );
    counts.passed += result.counts?.passed ?? 0;
    counts.failed += result.ok ? 0 : Math.max(1, result.counts?.failed ?? 1);
    if (result.ok) return;
    failed.abort();
    console.error(`\n${result.output}`);
  };

  // Before generation, which takes our clients' operations apart and would complain of them in other words.
  const api: Check = { name: 'released API', run: program('gateway/api/main.ts') };
  const generation: Check = {
    name: 'generate',
    run: async (signal) => {
      try {
        await generate({ all: false, signal });
        return { ok: true, output: '' };
      } catch (err) {
        return { ok: false, output: err instanceof Error ? err.message : String(err) };
      }
    },
  };
  for (const first of [api, generation]) if (!failed.signal.aborted) await perform(first);
  if (!failed.signal.aborted) await Promise.all(Array.from({ length: lanes }, lane));
  return counts;
}
