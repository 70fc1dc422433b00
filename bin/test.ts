import { check } from './checks.ts';
import { sum, type Counts } from './counts.ts';
import { generate } from './generated.ts';
import { runJest, watchJest } from './jest.ts';

const args = process.argv.slice(2);

if (args.some((arg) => arg.startsWith('--watch'))) {
  await generate({ all: false });
  process.exitCode = (await watchJest(args)).code;
} else {
  const counts = args.length > 0 ? await some() : await everything();
  console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

async function some(): Promise<Counts> {
  await generate({ all: false });
  return (await runJest(args, { output: 'show' })).counts;
}

/** Whole systems are stopped and killed end to end, so nothing else may run on the engines meanwhile. */
async function everything(): Promise<Counts> {
  const checked = await check();
  if (checked.failed > 0) return checked;
  const all = [checked];
  for (const run of [
    ['--selectProjects', 'integration', '--maxWorkers=2'],
    ['--selectProjects', 'e2e', 'e2e-distributed', 'browser', '--runInBand'],
  ]) {
    const { ok, counts } = await runJest(run, { output: 'show' });
    // jest may fail beside its tests, as in the global setup.
    all.push(ok || counts.failed > 0 ? counts : { ...counts, failed: 1 });
  }
  return sum(all);
}
