import type { Logger } from 'pino';
import { answered, createAdmin, whileSoon, type KafkaOptions } from './kafka.ts';

/** A topic of events, without the prefix that an instance may put before it. */
export type TopicName = keyof typeof topics;

const DAY_MS = 24 * 60 * 60 * 1000;

/** A consumer may be away over a long weekend. Nothing is read from here once it is consumed: Postgres has it all. */
const EVENT_RETENTION_MS = 7 * DAY_MS;

/** Time for a person to find the fault, release the remedy and replay. */
const DEAD_LETTER_RETENTION_MS = 30 * DAY_MS;

const events = { partitions: 8, retentionMs: EVENT_RETENTION_MS };

/** Every topic there is. Partitions stay as they are: another number would send a key's next events elsewhere. */
export const topics = { tweets: events, follows: events, accounts: events, 'fan-out-chunks': events };

/** One partition, so that dead letters are listed in the order in which they were given up. */
const deadLetters = { partitions: 1, retentionMs: DEAD_LETTER_RETENTION_MS };

/** Where the events of a topic go that a consumer gave up. */
export const deadLetterTopic = (topic: TopicName): string => `${topic}.dead-letters`;

/**
 * Makes the topics that are missing, each with its dead letters. Those that are there stay as they are, also where
 * this file has changed since. Safe in several processes at once; rejects when no broker answers.
 */
export async function ensureTopics(kafka: KafkaOptions, names: TopicName[], log: Logger): Promise<void> {
  const wanted = names.flatMap((name) => [
    { topic: kafka.topicPrefix + name, ...topics[name] },
    { topic: kafka.topicPrefix + deadLetterTopic(name), ...deadLetters },
  ]);
  const admin = createAdmin(kafka, log);
  try {
    await answered(admin.connect());
    await whileSoon(async () => {
      const present = new Set(await answered(admin.listTopics()));
      const missing = wanted.filter(({ topic }) => !present.has(topic));
      if (missing.length === 0) return;
      const made = admin.createTopics({
        topics: missing.map(({ topic, partitions, retentionMs }) => ({
          topic,
          numPartitions: partitions,
          configEntries: [{ name: 'retention.ms', value: String(retentionMs) }],
        })),
      });
      await answered(made);
    });
  } finally {
    await answered(admin.disconnect()).catch(() => undefined);
  }
}

export const topicNames = Object.keys(topics) as TopicName[];
