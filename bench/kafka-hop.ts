import { TweetPosted } from '../platform/events/tweet-posted.ts';
import { toMessage } from '../platform/messaging/envelope.ts';
import { createGroupMember, createProducer, type KafkaOptions } from '../platform/messaging/kafka.ts';
import { ensureTopics, type TopicName } from '../platform/messaging/topics.ts';
import { createLog } from '../platform/process/log.ts';

const log = createLog('bench');

/** Kafka by itself: one message from `send` to the handler, with the clients, settings and topic that events have. */
export interface KafkaHop {
  /** Milliseconds of one hop. One at a time. */
  measure(): Promise<number>;
  close(): Promise<void>;
}

const TOPIC = 'tweets' satisfies TopicName;

/** When a group tells Kafka what it has done: from time to time, as our consumers do, or after each message. */
type Commits = 'later' | 'each';

/** @param kafka with a prefix of its own: the hop has its own `tweets`. */
export async function openKafkaHop(kafka: KafkaOptions, commits: Commits): Promise<KafkaHop> {
  await ensureTopics(kafka, [TOPIC], log);
  let arrived = (_atMs: number) => {};
  const ear = await listen(kafka, 'hop', TOPIC, (atMs) => arrived(atMs), commits);
  const producer = createProducer(kafka, log);
  await producer.connect();
  const event = {
    tweetId: '1',
    authorId: '1',
    inReplyToId: null,
    inReplyToAuthorId: null,
    conversationId: null,
    quotedId: null,
    quotedAuthorId: null,
    postedAtMs: Date.now(),
  };
  const message = toMessage({
    id: crypto.randomUUID(),
    name: TweetPosted.name,
    key: TweetPosted.key(event),
    occurredAtMs: event.postedAtMs,
    payload: TweetPosted.encode(event),
  });
  return {
    measure: async () => {
      const { promise, resolve } = Promise.withResolvers<number>();
      arrived = resolve;
      const sentAtMs = performance.now();
      await producer.send({ topic: kafka.topicPrefix + TOPIC, acks: -1, messages: [message] });
      return (await promise) - sentAtMs;
    },
    close: async () => {
      await producer.disconnect();
      await ear.close();
    },
  };
}

/**
 * Calls `heard` for each message of a topic that comes from now on, in a group of its own that listens by then.
 * `sentAtMs` is the producer's stamp; both are by `performance.now()`, the stamp to a whole millisecond.
 */
export async function listen(
  kafka: KafkaOptions,
  group: string,
  topic: TopicName,
  heard: (atMs: number, sentAtMs: number) => void,
  commits: Commits = 'later',
): Promise<{ close(): Promise<void> }> {
  const member = createGroupMember(kafka, `${kafka.topicPrefix}bench-${group}`, log);
  // Where "now" is gets known with the first fetch, not with joining.
  const { promise: listening, resolve: fetched } = Promise.withResolvers<void>();
  member.on(member.events.FETCH, () => fetched());
  await member.connect();
  await member.subscribe({ topics: [kafka.topicPrefix + topic] });
  const hear = ({ timestamp }: { timestamp: string }) =>
    heard(performance.now(), Number(timestamp) - performance.timeOrigin);
  await member.run(
    commits === 'each'
      ? {
          eachMessage: ({ message }) => {
            hear(message);
            return Promise.resolve();
          },
        }
      : {
          autoCommit: false,
          eachBatchAutoResolve: false,
          eachBatch: ({ batch, resolveOffset }) => {
            for (const message of batch.messages) hear(message);
            resolveOffset(batch.lastOffset());
            return Promise.resolve();
          },
        },
  );
  await listening;
  return { close: () => member.disconnect() };
}
