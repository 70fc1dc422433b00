import { Counter, Gauge } from 'prom-client';
import { registry } from '../process/metrics.ts';

const registers = [registry];

export const published = new Counter({
  name: 'roost_outbox_published_total',
  help: 'Events that the relay brought from an outbox to Kafka.',
  labelNames: ['schema', 'topic'] as const,
  registers,
});

export const consumed = new Counter({
  name: 'roost_events_consumed_total',
  help: 'Events that a group is done with: handled, skipped because nobody in it asked for them, or given up.',
  labelNames: ['group', 'event', 'outcome'] as const,
  registers,
});

export const retried = new Counter({
  name: 'roost_event_retries_total',
  help: 'Failed attempts to handle an event that were followed by another one.',
  labelNames: ['group', 'event'] as const,
  registers,
});

export const lag = new Gauge({
  name: 'roost_consumer_lag',
  help: 'Events of a partition that were in Kafka at the last fetch and are not handled yet.',
  labelNames: ['group', 'topic', 'partition'] as const,
  registers,
});

/** Asks a database about its outbox. Only the leading relay of a schema has one here, so an outbox is told once. */
export type OutboxProbe = () => Promise<{ rows: number; ageSeconds: number }>;

/** By schema. */
export const outboxProbes = new Map<string, OutboxProbe>();

probed('roost_outbox_rows', 'Rows of an outbox that are not in Kafka yet.', ({ rows }) => rows);
probed(
  'roost_outbox_age_seconds',
  'Age of the oldest row of an outbox; 0 when empty.',
  (found) => found.ageSeconds,
);

function probed(name: string, help: string, pick: (found: Awaited<ReturnType<OutboxProbe>>) => number): void {
  const gauge = new Gauge({
    name,
    help: `${help} Told by its leading relay.`,
    labelNames: ['schema'] as const,
    registers,
    collect: async () => {
      gauge.reset();
      for (const [schema, probe] of outboxProbes) {
        // A database that does not answer leaves a gap, which is what an alert on absence is for.
        const found = await probe().catch(() => undefined);
        if (found !== undefined) gauge.set({ schema }, pick(found));
      }
    },
  });
}
