import pg from 'pg';
import type { Envelope } from './envelope.ts';
import type { OutboxProbe } from './metrics.ts';

/** A row that waits. */
export interface OutboxEntry extends Envelope {
  rowId: string;
  topic: string;
}

/** A relay's view of its outbox, over its one connection. */
export interface Outbox {
  /** True when this connection holds the schema's lock now; it keeps it until it ends. */
  tryLead(): Promise<boolean>;
  /** The oldest rows, in their order, without those that were `sent`: these are deleted in the same round trip. */
  take(sent: string[]): Promise<OutboxEntry[]>;
  probe: OutboxProbe;
}

const BATCH_ROWS = 500;

export function openOutbox(client: pg.Client, schema: string): Outbox {
  const table = `${pg.escapeIdentifier(schema)}.outbox`;
  return {
    tryLead: async () => {
      const { rows } = await client.query<{ leads: boolean }>(
        `SELECT pg_try_advisory_lock(hashtext('outbox relay'), hashtext($1)) AS leads`,
        [schema],
      );
      return rows[0]?.leads === true;
    },

    take: async (sent) => {
      const { rows } = await client.query<Row>({
        name: 'outbox-take',
        text: `
          WITH gone AS (DELETE FROM ${table} WHERE id = ANY($1::bigint[]))
          SELECT id, event_id, topic, key, name, payload, occurred_at FROM ${table}
          WHERE id <> ALL($1::bigint[]) ORDER BY id LIMIT ${BATCH_ROWS}`,
        values: [sent],
      });
      return rows.map((row) => ({
        rowId: row.id,
        id: row.event_id,
        topic: row.topic,
        key: row.key,
        name: row.name,
        payload: row.payload,
        occurredAtMs: row.occurred_at.getTime(),
      }));
    },

    probe: async () => {
      const { rows } = await client.query<{ rows: number; age: number }>(
        `SELECT count(*)::float8 AS rows,
                coalesce(extract(epoch FROM clock_timestamp() - min(occurred_at)), 0)::float8 AS age
         FROM ${table}`,
      );
      return { rows: rows[0]?.rows ?? 0, ageSeconds: rows[0]?.age ?? 0 };
    },
  };
}

interface Row {
  id: string;
  event_id: string;
  topic: string;
  key: string;
  name: string;
  payload: Buffer;
  occurred_at: Date;
}
