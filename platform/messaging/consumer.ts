import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { Logger } from 'pino';
import { openDeadLetterBox } from './dead-letters.ts';
import { defaultRetry, deliver, type DeliverDeps, type Handler, type RetryOptions } from './delivery.ts';
import { answered, createGroupMember, isSoon, type KafkaOptions } from './kafka.ts';
import { keepTrying, loudness } from './keep-trying.ts';
import { lag } from './metrics.ts';
import { OutOfReach } from './out-of-reach.ts';
import { createPartitionQueue, type PartitionQueue } from './partition-queue.ts';
import { trackProgress } from './progress.ts';
import { ensureTopics, type TopicName } from './topics.ts';

export interface ConsumerOptions {
  kafka: KafkaOptions;
  /** Each group gets every event once; members of one group share the partitions. A new one starts at the beginning. */
  group: string;
  handlers: Handler[];
  log: Logger;
  retry?: RetryOptions;
}

export interface Consumer {
  /**
   * Finishes the events in hand, commits, and leaves the group. An event that waits to be tried again is left to others.
   * Does not wait to join first.
   */
  stop(): Promise<void>;
}

/**
 * Joins a group and brings its events to their handlers, each at least once. Returns before it has joined, which takes
 * as long as Kafka is away, or as the group waits for a member that was killed; it goes on trying, as it does whenever
 * Kafka goes away later. Until then events wait in Kafka.
 */
export function startConsumer({
  kafka,
  group,
  handlers,
  log,
  retry = defaultRetry,
}: ConsumerOptions): Consumer {
  const stopping = new AbortController();
  const deadLetters = openDeadLetterBox(kafka, log);
  const deps = {
    handlers: new Map(handlers.map((handler) => [handler.name, handler])),
    retry,
    deadLetters,
    log,
  };

  const running = keepTrying(
    () => consume({ kafka, group, deps, log, signal: stopping.signal }),
    { signal: stopping.signal, firstPauseMs: 200, longestPauseMs: 1000 },
    (err, failures) => {
      if (!isSoon(err)) log[loudness(failures)]({ err, group }, 'consumer lost kafka, joining again');
    },
  );
  return {
    stop: async () => {
      stopping.abort();
      await running;
      await deadLetters.close();
    },
  };
}

interface Membership {
  kafka: KafkaOptions;
  group: string;
  deps: DeliverDeps;
  log: Logger;
  signal: AbortSignal;
}

/** What a crash may bring again, at most. */
const COMMIT_INTERVAL_MS = 200;
/** A member fetches all the time, also when there is nothing; one that joins waits for others at most this long. */
const SILENCE_MS = 30_000;
/** A partition with more in its queue is not fetched until the queue is down to `RESUME_AT`. */
const PAUSE_ABOVE = 1000;
const RESUME_AT = 100;

/**
 * One life as a member of the group, until the signal aborts; rejects when kafkajs gives up.
 *
 * kafkajs fetches from a broker again only when everything of the last fetch is handled, so one slow event would hold
 * up all partitions, and heartbeats with them. Here a fetch ends in queues, one per partition, which are worked off
 * apart; what is done is committed from time to time.
 */
async function consume({ kafka, group, deps, log, signal }: Membership): Promise<void> {
  const topics = [...new Set([...deps.handlers.values()].map(({ topic }) => topic))];
  await ensureTopics(kafka, topics, log);
  if (signal.aborted) return;

  const hangUp = new AbortController();
  const member = createGroupMember(kafka, kafka.topicPrefix + group, log, hangUp.signal);
  const { promise: ended, resolve: end, reject: crash } = Promise.withResolvers<void>();
  const queues = new Map<string, PartitionQueue<KafkaMessage>>();
  const progress = trackProgress(member, log);

  /** What queues of an earlier assignment still have in hand. */
  const closing = new Map<string, Promise<void>>();
  const closeQueues = () => {
    for (const [key, queue] of queues) {
      closing.set(key, queue.close());
      const [topic = '', partition = ''] = key.split('/');
      // What another member has now is told there.
      lag.remove({ group, topic, partition });
    }
    queues.clear();
  };

  /** How often it joined: 0 is not yet. */
  let generation = 0;
  let over = false;

  const open = (key: string, topic: TopicName, partition: number) => {
    const born = generation;
    const here = { topic: kafka.topicPrefix + topic, partitions: [partition] };
    const queue = createPartitionQueue<KafkaMessage>(
      {
        handle: (message, closed) =>
          deliver(message, { topic, partition, offset: message.offset, group }, closed, deps),
        onDone: ({ offset }) => {
          if (born !== generation) return;
          progress.done(here.topic, partition, offset);
          if (over) return;
          lag.dec({ group, topic, partition });
          if (queue.length === RESUME_AT) member.resume([here]);
        },
      },
      closing.get(key) ?? Promise.resolve(),
    );
    queues.set(key, queue);
    return queue;
  };

  const enqueue = ({ batch, resolveOffset }: EachBatchPayload): Promise<void> => {
    const { partition } = batch;
    const topic = topics.find((name) => kafka.topicPrefix + name === batch.topic);
    if (topic === undefined || over) return Promise.resolve();
    const key = `${topic}/${partition}`;
    const queue = queues.get(key) ?? open(key, topic, partition);
    queue.push(batch.messages);
    lag.set({ group, topic, partition }, queue.length + Number(batch.offsetLag()));
    if (queue.length > PAUSE_ABOVE) member.pause([{ topic: batch.topic, partitions: [partition] }]);
    resolveOffset(batch.lastOffset());
    return Promise.resolve();
  };

  member.on(member.events.CRASH, ({ payload }) => crash(payload.error));
  member.on(member.events.REBALANCING, () => void progress.commit());
  member.on(member.events.GROUP_JOIN, () => {
    // Every partition starts again at what is committed, also one that was ours before.
    generation += 1;
    closeQueues();
    progress.forget();
    member.resume(member.paused());
  });
  signal.addEventListener('abort', () => end(), { once: true, signal: hangUp.signal });

  let heardAt = performance.now();
  member.on(member.events.FETCH, () => {
    heardAt = performance.now();
  });
  const watching = setInterval(() => {
    if (performance.now() - heardAt > SILENCE_MS) crash(new OutOfReach('kafkajs fell silent'));
    void progress.commit();
  }, COMMIT_INTERVAL_MS);

  const join = async () => {
    await member.connect();
    await member.subscribe({ topics: topics.map((name) => kafka.topicPrefix + name), fromBeginning: true });
    await member.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: enqueue });
  };
  try {
    join().catch(crash);
    await ended;
  } finally {
    over = true;
    clearInterval(watching);
    closeQueues();
    await Promise.all(closing.values());
    await progress.commit();
    // Told to go while it joins, kafkajs waits until the others have come, or joins behind our back.
    if (generation > 0)
      await answered(member.disconnect()).catch((err: unknown) =>
        log.debug({ err, group }, 'group left without a word'),
      );
    hangUp.abort();
  }
}
