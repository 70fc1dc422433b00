import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { EventDefinition } from '../events/define-event.ts';

/** The four values of an outbox row, for the one statement that also writes the fact. */
export interface OutboxRow {
  topic: string;
  key: string;
  name: string;
  payload: Buffer;
}

/**
 * An event as its outbox row. Its parameters go into the statement that writes the fact:
 * `WITH inserted AS (INSERT …) INSERT INTO tweets.outbox (topic, key, name, payload) SELECT $5, $6, $7, $8 FROM inserted`.
 * Throws when the data is not what the event's schema says.
 */
export const outboxRow = <T>(event: EventDefinition<T>, data: T): OutboxRow => ({
  topic: event.topic,
  key: event.key(data),
  name: event.name,
  payload: event.encode(data),
});

/** The channel on which a schema's relay is woken. */
export const outboxChannel = (schema: string): string => `outbox_${schema}`;

export interface OutboxWaker {
  /** Call it after the commit. Never throws; a wake-up that is lost is made good by the relay's polling. */
  wake(): void;
  close(): Promise<void>;
}

/** At most one NOTIFY in this time: they take a lock of the whole server (15k inserts/s fell to 5k with one in each). */
const WAKE_INTERVAL_MS = 5;

/**
 * Tells the relay, wherever it runs, that the outbox has new rows: the one beside it directly, another by NOTIFY on a
 * connection of its own to the server that `pool` writes to. The first NOTIFY leaves at once, those within the next
 * 5 ms together.
 *
 * @param beside rings the relay of this process; false when another one leads.
 */
export function createOutboxWaker(pool: pg.Pool, channel: string, beside = () => false): OutboxWaker {
  let connected: Promise<pg.Client> | undefined;
  let working: Promise<void> | undefined;
  let again = false;
  let closed = false;

  const connect = async () => {
    const client = new pg.Client(pool.options);
    client.on('error', () => {
      connected = undefined;
    });
    await client.connect();
    return client;
  };

  const notify = async () => {
    while (again && !closed) {
      again = false;
      const rested = delay(WAKE_INTERVAL_MS);
      try {
        connected ??= connect();
        const client = await connected;
        await client.query('SELECT pg_notify($1, $2)', [channel, '']);
      } catch {
        connected = undefined;
      }
      await rested;
    }
    working = undefined;
  };

  return {
    wake: () => {
      if (beside()) return;
      again = true;
      working ??= notify();
    },
    close: async () => {
      closed = true;
      await working;
      await connected?.then((client) => client.end()).catch(() => undefined);
    },
  };
}
