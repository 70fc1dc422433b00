import { Kafka, logLevel } from 'kafkajs';
import type { KafkaOptions } from './kafka.ts';

export interface HeldGroup {
  /** Whether somebody waits to be let in. */
  isAwaited(): Promise<boolean>;
  /** Leaves. Everybody gets in. */
  release(): Promise<void>;
}

/** Longer than any test. */
const SESSION_MS = 300_000;

/**
 * For tests: joins a group and keeps all others out, as a member does that was killed, but for as long as the test wants.
 * It has a message in hand; while it has, it neither gives the group a sign of life nor joins again with others.
 */
export async function holdGroup(
  { brokers, topicPrefix }: Pick<KafkaOptions, 'brokers' | 'topicPrefix'>,
  group: string,
): Promise<HeldGroup> {
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  const groupId = topicPrefix + group;
  const topic = `${groupId}.in-hand`;
  const admin = kafka.admin();
  const producer = kafka.producer();
  const member = kafka.consumer({ groupId, sessionTimeout: SESSION_MS, rebalanceTimeout: SESSION_MS });
  await Promise.all([admin.connect(), producer.connect(), member.connect()]);
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  await producer.send({ topic, messages: [{ value: '' }] });
  await producer.disconnect();

  const inHand = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  await member.subscribe({ topics: [topic], fromBeginning: true });
  await member.run({
    eachMessage: async () => {
      inHand.resolve();
      await letGo.promise;
    },
  });
  await inHand.promise;
  return {
    isAwaited: async () => {
      const { groups } = await admin.describeGroups([groupId]);
      return groups[0]?.state === 'PreparingRebalance';
    },
    release: async () => {
      letGo.resolve();
      await member.disconnect();
      await admin.disconnect();
    },
  };
}
