import { ConfigError, loadConfig } from './config.ts';
import { createLog, logConfig, type Logger } from './log.ts';

export interface Running {
  /** Called at most once. Stop intake, finish open work, close in reverse order; an `AsyncDisposableStack` does the last. */
  stop(): Promise<void>;
}

/** How often a process looks whether its parent still lives; bounds how long an orphan runs. */
const parentPollMs = 500;

/**
 * The life of a process, for the last line of a `main.ts`. `start` gets the environment, and a signal that aborts when
 * a stop is asked for while it still starts. Faults of configuration are printed, not logged, and end with exit code 1.
 *
 * SIGTERM, SIGINT, SIGHUP, the parent's death and any uncaught error stop it once; after an error with exit code 1.
 * Nothing calls `process.exit` on the good path: the loop empties. What still holds it open `stopGraceMs` after the
 * stop began is logged by name and the process ends with 1.
 */
export function runProcess(
  name: string,
  start: (env: NodeJS.ProcessEnv, stopping: AbortSignal) => Promise<Running>,
  { stopGraceMs = 10_000 }: { stopGraceMs?: number } = {},
): void {
  const log = createLog(name);
  const stopping = new AbortController();

  const stop = (reason: string) => {
    if (stopping.signal.aborted) return;
    log.debug({ reason }, 'stopping');
    guard(log, stopGraceMs);
    stopping.abort(reason);
    void started.then((running) => running?.stop()).catch((err: unknown) => fail(err, 'stop failed'));
  };
  const fail = (err: unknown, message: string) => {
    process.exitCode = 1;
    if (err instanceof ConfigError)
      console.error(`${name} cannot start:\n${err.message.replace(/^/gm, '  ')}`);
    else log.fatal({ err }, message);
    stop(message);
  };

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
  process.on('uncaughtException', (err) => fail(err, 'uncaught exception'));
  process.on('unhandledRejection', (err) => fail(err, 'unhandled rejection'));
  watchParent(() => stop('the parent process is gone'));

  const started = begin().catch((err: unknown) => {
    // A start that was told to stop may well end by rejecting.
    if (!stopping.signal.aborted) fail(err, 'start failed');
    return undefined;
  });

  async function begin(): Promise<Running> {
    loadConfig(logConfig);
    return await start(process.env, stopping.signal);
  }
}

/** A parent killed outright cannot tell its children: the channel it opened closes, or somebody else adopts them. */
function watchParent(gone: () => void): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && gone(), parentPollMs).unref();
  process.once('disconnect', gone);
  process.channel?.unref();
}

function guard(log: Logger, graceMs: number): void {
  setTimeout(() => {
    log.error({ open: process.getActiveResourcesInfo() }, 'did not stop in time');
    process.exit(1);
  }, graceMs).unref();
}
