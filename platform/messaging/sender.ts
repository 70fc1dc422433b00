import type { Producer, ProducerRecord } from 'kafkajs';
import type { Logger } from 'pino';
import { answered, createProducer, type KafkaOptions } from './kafka.ts';
import { ensureTopics, topicNames } from './topics.ts';

/** A producer for now and then: it connects with its first record, and anew after a failure. */
export interface Sender {
  /** Resolves when Kafka has it for good. Rejects when Kafka does not take it, or did and could not say so. */
  send(record: ProducerRecord): Promise<void>;
  close(): Promise<void>;
}

export function createSender(kafka: KafkaOptions, log: Logger): Sender {
  let connected: Promise<Producer> | undefined;
  const connect = async () => {
    await ensureTopics(kafka, topicNames, log);
    const producer = createProducer(kafka, log);
    await answered(producer.connect());
    return producer;
  };
  const close = async () => {
    const last = connected;
    connected = undefined;
    await last?.then((producer) => answered(producer.disconnect())).catch(() => undefined);
  };
  return {
    send: async (record) => {
      const mine = (connected ??= connect());
      try {
        const producer = await mine;
        await answered(producer.send({ acks: -1, ...record }));
      } catch (err) {
        // Of those that fail together the first makes room for a new one.
        if (connected === mine) await close();
        throw err;
      }
    },
    close,
  };
}
