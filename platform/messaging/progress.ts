import type { Consumer } from 'kafkajs';
import type { Logger } from 'pino';
import { answered } from './kafka.ts';

/** Which messages of each partition are done, and which of them the group knows to be. */
export interface Progress {
  /** Of a partition, messages must be done in their order. */
  done(topic: string, partition: number, offset: string): void;
  /** Tells the group. One commit at a time, so that an older position never follows a newer one. Never rejects. */
  commit(): Promise<void>;
  /** For a new assignment, in which every partition starts again at what is committed. */
  forget(): void;
}

export function trackProgress(member: Consumer, log: Logger): Progress {
  const next = new Map<string, { topic: string; partition: number; offset: string }>();
  const committed = new Map<string, string>();
  let committing = Promise.resolve();

  const commitOnce = async () => {
    const news = [...next].filter(([key, { offset }]) => committed.get(key) !== offset);
    if (news.length === 0) return;
    try {
      await answered(member.commitOffsets(news.map(([, position]) => position)));
      for (const [key, { offset }] of news) committed.set(key, offset);
    } catch (err) {
      // A rebalance came first, or Kafka is away: these events are handled again by whoever gets them.
      log.debug({ err }, 'offsets not committed');
    }
  };

  return {
    done: (topic, partition, offset) => {
      next.set(`${topic}/${partition}`, { topic, partition, offset: String(BigInt(offset) + 1n) });
    },
    commit: async () => {
      committing = committing.then(commitOnce);
      await committing;
    },
    forget: () => {
      next.clear();
      committed.clear();
    },
  };
}
