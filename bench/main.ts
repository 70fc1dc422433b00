import { availableParallelism, cpus } from 'node:os';
import { ConfigError } from '../platform/process/config.ts';
import { runProcess } from '../platform/process/run.ts';
import { stopGraceMs } from '../bin/launch.ts';
import { residentMemory } from '../bin/memory.ts';
import { seconds, step } from '../bin/steps.ts';
import { createTweet } from './create-tweet.ts';
import { home } from './home.ts';
import { reads } from './reads.ts';
import { signIn } from './sign-in.ts';
import { spine } from './spine.ts';
import { openStage, type Stage } from './stage.ts';
import { table } from './table.ts';

/** Each tells what it measured, ratios first. */
const benches: Record<string, (stage: Stage) => Promise<string[]>> = {
  spine,
  home,
  'sign-in': signIn,
  'create-tweet': createTweet,
  reads,
};

runProcess(
  'bench',
  async (_env, stopping) => {
    const names = chosen(process.argv.slice(2));
    await using stack = new AsyncDisposableStack();
    const stage = await openStage(stack, stopping);
    const reports: string[] = [];
    for (const [name, bench] of names) {
      const lines = await step(name, () => bench(stage));
      reports.push(`\n${name}: ${lines.join('\n  ')}`);
    }
    console.log(reports.join('\n'));
    tellStage(stage);
    return { stop: () => Promise.resolve() };
  },
  { stopGraceMs },
);

function chosen(args: string[]): [string, (stage: Stage) => Promise<string[]>][] {
  const unknown = args.find((name) => !Object.hasOwn(benches, name));
  const all = Object.keys(benches).join(', ');
  if (unknown !== undefined) throw new ConfigError(`There is no bench "${unknown}". There are: ${all}.`);
  return Object.entries(benches).filter(([name]) => args.length === 0 || args.includes(name));
}

function tellStage({ readyAfterMs: { first, second } }: Stage): void {
  const memory = residentMemory().map(({ program, processes, megabytes }) => [
    `  ${program}${processes > 1 ? ` (${processes})` : ''}`,
    `${Math.round(megabytes)} MB`,
  ]);
  console.log(`\nready: ${seconds(first)} the first time, ${seconds(second)} the second`);
  console.log(['resident memory:', ...table(memory)].join('\n'));
  console.log(
    `\n${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Node.js ${process.version}`,
  );
}
