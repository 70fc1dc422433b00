import { once } from 'node:events';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { root } from '../bin/data-folder.ts';
import { table } from './table.ts';

const profileShape = z.object({
  nodes: z.array(
    z.object({ id: z.number(), callFrame: z.object({ functionName: z.string(), url: z.string() }) }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});
type Profile = z.infer<typeof profileShape>;

const answerShape = z.object({ id: z.number(), result: z.looseObject({ profile: profileShape.optional() }) });

const INTERVAL_US = 500;
/** A sample that comes later than this says that something else had the processor, not that a function took so long. */
const LONGEST_US = 2 * INTERVAL_US;

const AREAS = 12;
const FUNCTIONS = 12;

/**
 * Where the processor time of a process goes while the work is done: by area, and by function, each without what it
 * calls, in parts of the time that it was not idle.
 *
 * @param port of its inspector.
 */
export async function profileWhile(port: number, work: () => Promise<unknown>): Promise<string[]> {
  const listed = await fetch(`http://127.0.0.1:${port}/json/list`);
  const [target] = z.array(z.object({ webSocketDebuggerUrl: z.url() })).parse(await listed.json());
  if (target === undefined) throw new Error('There is nothing to be profiled.');
  const socket = new WebSocket(target.webSocketDebuggerUrl, { maxPayload: 0 });
  await once(socket, 'open');
  let asked = 0;
  const ask = async (method: string, params: object = {}) => {
    const id = ++asked;
    const { promise, resolve, reject } = Promise.withResolvers<Profile | undefined>();
    const listen = (data: Buffer) => {
      const message: unknown = JSON.parse(data.toString());
      if ((message as { id?: number }).id !== id) return;
      socket.off('message', listen);
      const { success, data: answer } = answerShape.safeParse(message);
      if (success) resolve(answer.result.profile);
      else reject(new Error(`${method} is refused: ${data.toString().slice(0, 200)}`));
    };
    socket.on('message', listen);
    socket.send(JSON.stringify({ id, method, params }));
    return await promise;
  };
  try {
    await ask('Profiler.enable');
    await ask('Profiler.setSamplingInterval', { interval: INTERVAL_US });
    await ask('Profiler.start');
    await work();
    const profile = await ask('Profiler.stop');
    if (profile === undefined) throw new Error('There is no profile.');
    return summary(profile);
  } finally {
    socket.close();
  }
}

/** Exported for its test. */
export function summary({ nodes, samples, timeDeltas }: Profile): string[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const areas = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  let total = 0;
  for (const [at, sample] of samples.entries()) {
    const frame = frames.get(sample);
    const took = Math.min(timeDeltas[at] ?? 0, LONGEST_US);
    total += took;
    if (frame === undefined || frame.functionName === '(idle)') continue;
    const area = areaOf(frame);
    const name = `${frame.functionName === '' ? '(anonymous)' : frame.functionName}, ${area}`;
    busy += took;
    areas.set(area, (areas.get(area) ?? 0) + took);
    functions.set(name, (functions.get(name) ?? 0) + took);
  }
  const top = (parts: Map<string, number>, count: number) =>
    table(
      [...parts]
        .toSorted(([, a], [, b]) => b - a)
        .slice(0, count)
        .map(([name, took]) => [`  ${name}`, percent(took / busy)]),
    );
  return [
    `busy ${percent(busy / total)} of the time, of which by area:`,
    ...top(areas, AREAS),
    'and by function:',
    ...top(functions, FUNCTIONS),
  ];
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** A package, a folder of ours, or Node.js itself. */
function areaOf({ functionName, url }: { functionName: string; url: string }): string {
  if (functionName === '(garbage collector)') return 'garbage collector';
  if (url === '') return 'Node.js, native';
  if (url.startsWith('node:')) return 'Node.js';
  const path = relative(root, url.startsWith('file:') ? fileURLToPath(url) : url);
  const packageName = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  if (packageName !== undefined) return packageName;
  return path
    .split('/')
    .slice(0, path.startsWith('subgraphs/') || path.startsWith('platform/') ? 2 : 1)
    .join('/');
}
