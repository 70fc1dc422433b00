import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import { z } from 'zod';
import { loadConfig } from './config.ts';

export type { Logger } from 'pino';

export const logConfig = z.object({
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).optional(),
});

const secrets = ['cookie', '["set-cookie"]', 'authorization', 'password', 'token'];
const below = (prefix: string) =>
  secrets.map((key) => (key.startsWith('[') ? prefix + key : `${prefix}.${key}`));

let root: Logger | undefined;

/**
 * The log of one component; all of a process write to one stream. Object first, constant message after, errors as
 * `err`: `log.error({ err, tweetId }, 'fan-out failed')`. Cookies, authorizations, passwords and tokens are
 * blackened down to three levels; tweet texts are the caller's to leave out.
 */
export function createLog(component: string): Logger {
  root ??= createRoot();
  return root.child({ component });
}

function createRoot(): Logger {
  // Logs are made while modules load, before anybody could print a fault; `runProcess` refuses bad settings.
  const { LOG_LEVEL: level, LOG_FORMAT: format } = loadConfig(
    logConfig.extend({
      LOG_LEVEL: logConfig.shape.LOG_LEVEL.catch('info'),
      LOG_FORMAT: logConfig.shape.LOG_FORMAT.catch(undefined),
    }),
  );
  const options = {
    level,
    redact: { paths: [...secrets, ...below('*'), ...below('*.*')], censor: '[redacted]' },
  };
  const readable = format === 'pretty' || (format === undefined && process.stdout.isTTY);
  // Synchronous, so that the last line before an exit is on the screen.
  return readable
    ? pino(options, pretty({ sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' }))
    : pino(options);
}
