import type { EngineName, EngineProgress } from './engine.ts';

export const titles: Record<EngineName, string> = {
  postgres: 'Postgres',
  replica: 'Postgres replica',
  redis: 'Redis',
  kafka: 'Kafka',
};

const words: Record<EngineProgress['state'], string> = {
  given: 'given by the environment',
  installing: 'fetching',
  starting: 'starting',
  ready: 'ready',
  restarting: 'restarting',
  stopped: 'stopped',
};

/** One line about an engine, as `Kafka: ready in 2.5 s`. */
export function progressLine({ engine, state, detail, elapsedMs }: EngineProgress): string {
  const time = state === 'ready' ? ` in ${(elapsedMs / 1000).toFixed(1)} s` : '';
  return `${titles[engine]}: ${words[state]}${time}${detail === undefined ? '' : ` (${detail})`}`;
}

/**
 * Prints progress for a person: a line for each change; on a terminal the lines about starting give way to one that
 * shows all engines still on their way.
 */
export function printProgress(
  out: NodeJS.WritableStream & { isTTY?: boolean },
): (progress: EngineProgress) => void {
  const pending = new Map<EngineName, EngineProgress>();
  return (progress) => {
    if (out.isTTY !== true) {
      out.write(`${progressLine(progress)}\n`);
      return;
    }
    const isPending =
      progress.state === 'starting' || progress.state === 'installing' || progress.state === 'restarting';
    if (isPending) pending.set(progress.engine, progress);
    else pending.delete(progress.engine);
    const lasting = progress.state === 'starting' ? '' : `${progressLine(progress)}\n`;
    out.write(`\r\u001B[K${lasting}${[...pending.values()].map(progressLine).join(' · ')}`);
  };
}
