import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ConfigError, list, loadConfig } from '../process/config.ts';
import { createLog } from '../process/log.ts';
import { type DeadLetter, listDeadLetters, replay } from './dead-letters.ts';
import { topicNames } from './topics.ts';

const usage = `Usage: npm run dead-letters -- list   [--topic TOPIC] [--event-id ID]
       npm run dead-letters -- replay [--topic TOPIC] [--event-id ID]

Events that a consumer could not handle. "list" shows them; "replay" sends them, or the one event, back to their topic
and strikes them off. Topics: ${topicNames.join(', ')}.`;

const settings = z.object({ KAFKA_BROKERS: list, KAFKA_TOPIC_PREFIX: z.string().default('') });

async function main(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { topic: { type: 'string' }, 'event-id': { type: 'string' } },
  });
  const [command] = positionals;
  const chosen = topicNames.filter((name) => values.topic === undefined || values.topic === name);
  if (positionals.length !== 1 || (command !== 'list' && command !== 'replay') || chosen.length === 0) {
    throw new UsageError(usage);
  }

  const { KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: topicPrefix } = loadConfig(settings);
  const kafka = { brokers, clientId: 'roost-dead-letters', topicPrefix };
  const log = createLog('dead-letters');
  const letters: DeadLetter[] = [];
  for (const topic of chosen) letters.push(...(await listDeadLetters(kafka, topic, log)));
  const wanted = letters.filter(
    ({ event }) => values['event-id'] === undefined || event.id === values['event-id'],
  );
  if (command === 'replay') await replay(kafka, wanted, log);
  console.log([...wanted.map(row), summary(command, wanted.length)].join('\n'));
}

class UsageError extends Error {}

const row = ({ buriedAtMs, topic, event, group, reason }: DeadLetter) =>
  [
    new Date(buriedAtMs).toISOString(),
    `${event.name} ${event.id}`,
    `key ${event.key} of ${topic}`,
    `given up by ${group}: ${reason.split('\n')[0]}`,
  ].join('  ');

const summary = (command: 'list' | 'replay', count: number) =>
  `${count} dead letter${count === 1 ? '' : 's'} ${command === 'list' ? 'waiting' : 'replayed'}.`;

/** Wrong words or settings, which need a sentence and no stack. */
const isTheCallers = (err: unknown): err is Error =>
  err instanceof UsageError ||
  err instanceof ConfigError ||
  (err instanceof Error && 'code' in err && String(err.code).startsWith('ERR_PARSE_ARGS'));

try {
  await main(process.argv.slice(2));
} catch (err) {
  console.error(isTheCallers(err) ? err.message : err);
  process.exitCode = 1;
}
