/** A topic of events, without the prefix that an instance may put before it. */
export type TopicName = keyof typeof topics;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Longer than an outage that somebody notices after a weekend. Timelines are rebuilt from Postgres, never from here. */
const EVENT_RETENTION_MS = 7 * DAY_MS;

/** Every topic there is. Partitions stay as they are: another number would send a key's next events elsewhere. */
export const topics = {
  tweets: { partitions: 8, retentionMs: EVENT_RETENTION_MS },
  follows: { partitions: 8, retentionMs: EVENT_RETENTION_MS },
  accounts: { partitions: 8, retentionMs: EVENT_RETENTION_MS },
  'fan-out-chunks': { partitions: 8, retentionMs: EVENT_RETENTION_MS },
};
