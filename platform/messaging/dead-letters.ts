import type { KafkaMessage, Message } from 'kafkajs';
import type { Logger } from 'pino';
import { type Envelope, header, toEnvelope } from './envelope.ts';
import type { KafkaOptions } from './kafka.ts';
import { type Found, readToEnd } from './read-to-end.ts';
import { createSender } from './sender.ts';
import { deadLetterTopic, ensureTopics, type TopicName } from './topics.ts';

/** Where a message was when a group gave it up. */
export interface Origin {
  topic: TopicName;
  partition: number;
  offset: string;
  group: string;
}

export interface DeadLetterBox {
  /** Keeps key, bytes and headers as they came, and adds the reason. Rejects when Kafka does not take it. */
  bury(message: KafkaMessage, origin: Origin, reason: string): Promise<void>;
  close(): Promise<void>;
}

/** A reason is for reading; the log has the stack. */
const REASON_CHARACTERS = 500;

/** Connects with the first dead letter. */
export function openDeadLetterBox(kafka: KafkaOptions, log: Logger): DeadLetterBox {
  const sender = createSender(kafka, log);
  return {
    bury: ({ key, value, headers }, origin, reason) =>
      sender.send({
        topic: kafka.topicPrefix + deadLetterTopic(origin.topic),
        messages: [{ key, value, headers: { ...headers, ...marks(origin, reason) } }],
      }),
    close: () => sender.close(),
  };
}

const PREFIX = 'dead-letter-';

const marks = ({ partition, offset, group }: Origin, reason: string) => ({
  [`${PREFIX}reason`]: reason.slice(0, REASON_CHARACTERS),
  [`${PREFIX}group`]: group,
  [`${PREFIX}partition`]: String(partition),
  [`${PREFIX}offset`]: offset,
  [`${PREFIX}at`]: String(Date.now()),
});

/** What was given up and not replayed since. */
export interface DeadLetter {
  /** Its place in the dead letters of `topic`. */
  at: { partition: number; offset: string };
  topic: TopicName;
  event: Envelope;
  group: string;
  reason: string;
  buriedAtMs: number;
  /** As it came, for a replay. */
  original: Message;
}

/** A message that says of a letter in the same partition that it was replayed; it lives as long as the letter or longer. */
const REPLAYED = 'replayed-offset';

/** The letters among these messages of one topic's dead letters, oldest first, without those replayed. */
function readLetters(topic: TopicName, messages: Found[]): DeadLetter[] {
  const replayed = new Set(
    messages
      .map(({ partition, message }) => `${partition}/${header(message.headers, REPLAYED)}`)
      .filter((place) => !place.endsWith('/')),
  );
  return messages
    .filter(({ message }) => header(message.headers, REPLAYED) === '')
    .filter(({ partition, message }) => !replayed.has(`${partition}/${message.offset}`))
    .map(({ partition, message }) => ({
      at: { partition, offset: message.offset },
      topic,
      event: toEnvelope(message),
      group: header(message.headers, `${PREFIX}group`),
      reason: header(message.headers, `${PREFIX}reason`),
      buriedAtMs: Number(header(message.headers, `${PREFIX}at`)),
      original: {
        key: message.key,
        value: message.value,
        headers: Object.fromEntries(
          Object.entries(message.headers ?? {}).filter(([name]) => !name.startsWith(PREFIX)),
        ),
      },
    }));
}

/** All letters of a topic that were not replayed, oldest first. */
export async function listDeadLetters(
  kafka: KafkaOptions,
  topic: TopicName,
  log: Logger,
): Promise<DeadLetter[]> {
  await ensureTopics(kafka, [topic], log);
  return readLetters(topic, await readToEnd(kafka, kafka.topicPrefix + deadLetterTopic(topic), log));
}

/**
 * Sends letters back to their topics, keyed as before, and marks each so that it is not replayed twice; a crash in
 * between does replay it twice. Every group of the topic gets it again, behind newer events of its key.
 */
export async function replay(kafka: KafkaOptions, letters: DeadLetter[], log: Logger): Promise<void> {
  const sender = createSender(kafka, log);
  try {
    for (const { at, topic, original } of letters) {
      await sender.send({ topic: kafka.topicPrefix + topic, messages: [original] });
      await sender.send({
        topic: kafka.topicPrefix + deadLetterTopic(topic),
        messages: [{ partition: at.partition, value: null, headers: { [REPLAYED]: at.offset } }],
      });
    }
  } finally {
    await sender.close();
  }
}
