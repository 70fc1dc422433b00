import { randomUUID } from 'node:crypto';
import type { KafkaMessage } from 'kafkajs';
import type { Logger } from 'pino';
import { createAdmin, createGroupMember, whileSoon, type KafkaOptions } from './kafka.ts';

/** A message and where it was found. */
export interface Found {
  partition: number;
  message: KafkaMessage;
}

/** Everything that a topic holds at the moment of the call, in order per partition. Rejects when Kafka goes away. */
export const readToEnd = (kafka: KafkaOptions, topic: string, log: Logger): Promise<Found[]> =>
  whileSoon(() => readOnce(kafka, topic, log));

async function readOnce(kafka: KafkaOptions, topic: string, log: Logger): Promise<Found[]> {
  const admin = createAdmin(kafka, log);
  // A group of its own, which commits nothing.
  const groupId = `${kafka.topicPrefix}read-${randomUUID()}`;
  const member = createGroupMember(kafka, groupId, log);
  await admin.connect();
  try {
    const ends = new Map(
      (await admin.fetchTopicOffsets(topic))
        .filter(({ low, high }) => low !== high)
        .map(({ partition, high }) => [partition, BigInt(high)]),
    );
    if (ends.size === 0) return [];

    const found: Found[] = [];
    const { promise: read, resolve, reject } = Promise.withResolvers<void>();
    read.catch(() => undefined);
    member.on(member.events.CRASH, ({ payload }) => reject(payload.error));
    await member.connect();
    await member.subscribe({ topics: [topic], fromBeginning: true });
    await member.run({
      autoCommit: false,
      eachMessage: ({ partition, message }) => {
        const end = ends.get(partition);
        if (end !== undefined) found.push({ partition, message });
        if (end !== undefined && BigInt(message.offset) + 1n >= end) ends.delete(partition);
        if (ends.size === 0) resolve();
        return Promise.resolve();
      },
    });
    await read;
    return found;
  } finally {
    await member.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }
}
