import type { KafkaMessage } from 'kafkajs';
import type { Logger } from 'pino';
import type { EventDefinition } from '../events/define-event.ts';
import type { DeadLetterBox, Origin } from './dead-letters.ts';
import { type Envelope, toEnvelope } from './envelope.ts';
import { keepTrying, loudness, pause, pauseAfter } from './keep-trying.ts';
import { consumed, retried } from './metrics.ts';
import { isOutOfReach } from './out-of-reach.ts';
import type { TopicName } from './topics.ts';

/** An event as a handler gets it. */
export interface Delivery<T> extends Omit<Envelope, 'payload'> {
  data: T;
  topic: TopicName;
  partition: number;
  offset: string;
}

/** What a group does with one event; made by `on`. */
export interface Handler {
  /** Of the event. */
  readonly name: string;
  readonly topic: TopicName;
  /** Throws at once when the bytes cannot be read, and returns what to do otherwise. */
  read(envelope: Envelope, origin: Origin): () => Promise<void>;
}

/**
 * Has `handle` called for every such event, one at a time per partition and so in order per key. It must be safe to
 * repeat: an event comes again after a crash, a rebalance or a replay.
 */
export const on = <T>(
  event: EventDefinition<T>,
  handle: (delivery: Delivery<T>) => Promise<void>,
): Handler => ({
  name: event.name,
  topic: event.topic,
  read: ({ payload, ...envelope }, { topic, partition, offset }) => {
    const delivery = { ...envelope, data: event.decode(payload), topic, partition, offset };
    return () => handle(delivery);
  },
});

export interface RetryOptions {
  /** How often an event is tried before it becomes a dead letter. */
  tries: number;
  firstPauseMs: number;
  longestPauseMs: number;
}

/** Five tries in about two seconds: enough for a deadlock or a failover that announces itself as something else. */
export const defaultRetry: RetryOptions = { tries: 5, firstPauseMs: 100, longestPauseMs: 5000 };

/**
 * Brings one message to its handler, for as long as it takes. True when it is done with: handled, of no interest, or
 * kept as a dead letter. False when `signal` aborted before. Never rejects.
 *
 * While something that the handler needs is out of reach the message is tried for ever, and its partition waits;
 * any other failure counts as a try.
 */
export async function deliver(
  message: KafkaMessage,
  origin: Origin,
  signal: AbortSignal,
  { handlers, retry, deadLetters, log }: DeliverDeps,
): Promise<boolean> {
  const envelope = toEnvelope(message);
  const facts = { eventId: envelope.id, event: envelope.name, ...origin };
  const labels = { group: origin.group, event: envelope.name };
  const handler = handlers.get(envelope.name);
  if (handler === undefined) {
    consumed.inc({ ...labels, outcome: 'skipped' });
    return true;
  }

  let handle: () => Promise<void>;
  try {
    handle = handler.read(envelope, origin);
  } catch (err) {
    return await bury(err);
  }
  for (let failures = 1, tries = 1; !signal.aborted; failures++) {
    try {
      await handle();
      consumed.inc({ ...labels, outcome: 'handled' });
      return true;
    } catch (err) {
      const waits = isOutOfReach(err);
      if (!waits && tries++ >= retry.tries) return await bury(err);
      retried.inc(labels);
      log[waits ? loudness(failures) : 'warn'](
        { err, ...facts, failures },
        waits ? 'handler waits for what it needs' : 'handler failed, trying again',
      );
    }
    await pause(pauseAfter(failures, retry), signal);
  }
  return false;

  async function bury(err: unknown): Promise<boolean> {
    log.error({ err, ...facts }, 'event becomes a dead letter');
    let buried = false;
    await keepTrying(
      async () => {
        await deadLetters.bury(message, origin, String(err));
        buried = true;
      },
      { ...retry, signal },
      (failure, failures) =>
        log[loudness(failures)]({ err: failure, ...facts }, 'dead letter not taken by kafka, trying again'),
    );
    if (buried) consumed.inc({ ...labels, outcome: 'dead-lettered' });
    return buried;
  }
}

export interface DeliverDeps {
  /** By event name. */
  handlers: ReadonlyMap<string, Handler>;
  retry: RetryOptions;
  deadLetters: DeadLetterBox;
  log: Logger;
}
