import { watch } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from '../platform/process/run.ts';
import { root } from './data-folder.ts';
import { parseFlags } from './flags.ts';
import { generate } from './generated.ts';
import { launch, launchFlags, stopGraceMs } from './launch.ts';

const sources = ['bin', 'demo', 'gateway', 'platform', 'prisma', 'subgraphs'];
/** An editor writes a file in several steps, and git many files at once. */
const settleMs = 150;

const flags = parseFlags(launchFlags);

runProcess(
  'roost',
  async (env, stopping) => {
    const running = await launch(flags, env, stopping, 'dev');
    let settling: NodeJS.Timeout | undefined;
    let typing: NodeJS.Timeout | undefined;
    const watchers = sources.map((folder) =>
      watch(join(root, folder), { recursive: true }, (_, file) => {
        if (!file || !/\.(ts|graphql|avsc|yaml)$/.test(file) || file.endsWith('.test.ts')) return;
        clearTimeout(settling);
        settling = setTimeout(() => {
          console.log(`${join(folder, file)} changed: the supergraph starts again.`);
          running.restart();
        }, settleMs);
      }),
    );
    // Next sees its own sources change; the types of their operations are ours to write.
    const operations = ['app', 'apollo', 'components'].map((folder) =>
      watch(join(root, 'web', folder), { recursive: true }, () => {
        clearTimeout(typing);
        typing = setTimeout(() => {
          generate({ all: false }).catch((err: unknown) =>
            console.error(err instanceof Error ? err.message : err),
          );
        }, settleMs);
      }),
    );
    return {
      stop: async () => {
        clearTimeout(settling);
        clearTimeout(typing);
        for (const watcher of [...watchers, ...operations]) watcher.close();
        await running.stop();
      },
    };
  },
  { stopGraceMs },
);
