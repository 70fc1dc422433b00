import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { EventDefinition } from '../events/define-event.ts';
import { toMessage } from './envelope.ts';
import type { KafkaOptions } from './kafka.ts';
import { createSender } from './sender.ts';

/** Publishes what follows from an event and needs no row of its own: whoever is interrupted does it again. */
export interface Publisher {
  /**
   * Resolves when Kafka has all of them, in this order per key. Rejects when it does not take them or cannot say so;
   * then some may be there. A handler lets that pass: the event that it handles comes again.
   */
  publish<T>(event: EventDefinition<T>, data: T[]): Promise<void>;
  close(): Promise<void>;
}

/** Connects with the first event. */
export function createPublisher(kafka: KafkaOptions, log: Logger): Publisher {
  const sender = createSender(kafka, log);
  return {
    publish: async (event, data) => {
      if (data.length === 0) return;
      const occurredAtMs = Date.now();
      await sender.send({
        topic: kafka.topicPrefix + event.topic,
        messages: data.map((each) =>
          toMessage({
            id: randomUUID(),
            name: event.name,
            key: event.key(each),
            occurredAtMs,
            payload: event.encode(each),
          }),
        ),
      });
    },
    close: () => sender.close(),
  };
}
