import pg from 'pg';
import type { Logger } from 'pino';
import { toMessage } from './envelope.ts';
import { answered, createProducer, isSoon, type KafkaOptions } from './kafka.ts';
import { keepTrying, loudness, pause } from './keep-trying.ts';
import { outboxProbes, published } from './metrics.ts';
import { openOutbox, type Outbox, type OutboxEntry } from './outbox-rows.ts';
import { outboxChannel } from './outbox.ts';
import { ensureTopics, topicNames } from './topics.ts';

/*
 * Terminology
 *
 * Outbox: a table of events, written in the statements that write the facts.
 * Relay: brings its rows to Kafka and deletes what was acknowledged.
 * Leader: the one relay of a schema that holds its advisory lock; the others stand by.
 */

export interface OutboxRelayOptions {
  /** The primary. The relay keeps one connection of its own to it. */
  databaseUrl: string;
  /** Whose `outbox` it is. */
  schema: string;
  kafka: KafkaOptions;
  log: Logger;
}

export interface OutboxRelay {
  /**
   * Has it look for rows at once. False when another relay leads, which has to be woken through Postgres. One that is
   * about to lose its lead may say true: the next leader begins by looking.
   */
  ring(): boolean;
  /** Waits for the batch that is in flight, deletes it, and lets another relay lead. */
  stop(): Promise<void>;
}

/** Finds rows whose wake-up was lost. */
const POLL_INTERVAL_MS = 1000;
/** How soon another relay leads when this one is gone. Asking again holds no snapshot, as waiting for the lock would. */
const STANDBY_POLL_MS = 500;
const QUERY_TIMEOUT_MS = 15_000;
const patience = { firstPauseMs: 100, longestPauseMs: 1000 };

/**
 * Starts to bring a schema's outbox to Kafka; returns at once, whether or not Postgres and Kafka are there.
 *
 * Events of one key arrive in the order of their rows, each at least once: a crash between the acknowledgement and
 * the delete sends a batch again, from its first row on. It keeps no high-water mark, because rows commit out of the
 * order of their ids; a former leader that still sends makes duplicates, never gaps.
 */
export function startOutboxRelay({ databaseUrl, schema, kafka, log }: OutboxRelayOptions): OutboxRelay {
  const stopping = new AbortController();
  let bellOfLeader: Bell | null = null;
  const running = keepTrying(lead, { ...patience, signal: stopping.signal }, (err, failures) =>
    log[loudness(failures)]({ err, schema }, 'outbox relay lost postgres, starting over'),
  );
  return {
    ring: () => {
      bellOfLeader?.ring();
      return bellOfLeader !== null;
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };

  /** Lock, reads and deletes share one connection: whoever loses the lock can delete nothing. */
  async function lead(): Promise<void> {
    const lost = new AbortController();
    const signal = AbortSignal.any([stopping.signal, lost.signal]);
    const client = new pg.Client({
      connectionString: databaseUrl,
      application_name: `roost relay ${schema}`,
      keepAlive: true,
      connectionTimeoutMillis: 5000,
      query_timeout: QUERY_TIMEOUT_MS,
      // A delete that a crash forgets only sends again.
      options: '-c synchronous_commit=off',
    });
    client.on('error', (err) => lost.abort(err));
    const outbox = openOutbox(client, schema);
    try {
      await client.connect();
      while (!signal.aborted && !(await outbox.tryLead())) await pause(STANDBY_POLL_MS, signal);
      if (signal.aborted) return;
      log.debug({ schema }, 'leading the outbox');
      outboxProbes.set(schema, outbox.probe);
      const bell = createBell(signal);
      client.on('notification', () => bell.ring());
      await client.query(`LISTEN ${pg.escapeIdentifier(outboxChannel(schema))}`);
      bellOfLeader = bell;
      await keepTrying(
        () => publish(outbox, bell, signal, (err) => lost.abort(err)),
        { ...patience, signal },
        (err, failures) => {
          const level = isSoon(err) ? 'debug' : loudness(failures);
          log[level]({ err, schema }, 'events wait in the outbox: kafka does not take them');
        },
      );
      if (!stopping.signal.aborted) lost.signal.throwIfAborted();
    } finally {
      bellOfLeader = null;
      outboxProbes.delete(schema);
      await client.end().catch(() => undefined);
    }
  }

  /** One batch at a time, so nothing overtakes within a key; rows that come meanwhile make the next one. */
  async function publish(
    outbox: Outbox,
    bell: Bell,
    signal: AbortSignal,
    onDatabaseError: (err: unknown) => void,
  ): Promise<void> {
    const producer = createProducer(kafka, log);
    const take = async (sent: string[]) => {
      try {
        return await outbox.take(sent);
      } catch (err) {
        onDatabaseError(err);
        throw err;
      }
    };
    try {
      await ensureTopics(kafka, topicNames, log);
      await answered(producer.connect());
      let sent: string[] = [];
      while (!signal.aborted || sent.length > 0) {
        bell.hush();
        const rows = await take(sent);
        if (signal.aborted) return;
        if (rows.length > 0) await send(producer, rows);
        else await bell.rung(POLL_INTERVAL_MS);
        sent = rows.map(({ rowId }) => rowId);
      }
    } finally {
      await answered(producer.disconnect()).catch(() => undefined);
    }
  }

  async function send(producer: ReturnType<typeof createProducer>, rows: OutboxEntry[]): Promise<void> {
    const byTopic = Map.groupBy(rows, ({ topic }) => topic);
    const sending = producer.sendBatch({
      acks: -1,
      topicMessages: [...byTopic].map(([topic, entries]) => ({
        topic: kafka.topicPrefix + topic,
        messages: entries.map(toMessage),
      })),
    });
    await answered(sending);
    for (const [topic, entries] of byTopic) published.inc({ schema, topic }, entries.length);
  }
}

interface Bell {
  ring(): void;
  /** Forgets the rings so far; called before a look that would see what they were about. */
  hush(): void;
  /** Resolves at the first ring since `hush`, after `ms`, or when the signal aborts. */
  rung(ms: number): Promise<void>;
}

function createBell(signal: AbortSignal): Bell {
  let rang = false;
  let answer = () => {};
  const ring = () => {
    rang = true;
    answer();
  };
  signal.addEventListener('abort', ring, { once: true });
  return {
    ring,
    hush: () => {
      rang = false;
    },
    rung: async (ms) => {
      if (rang || signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, ms);
      answer = resolve;
      await promise;
      clearTimeout(timer);
    },
  };
}
