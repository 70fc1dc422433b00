import { Counter, Gauge, Histogram } from 'prom-client';
import { registry } from '../platform/process/metrics.ts';

const durations = new Histogram({
  name: 'roost_gateway_operation_seconds',
  help: 'Time from an operation read to its answer; of a subscription, per event. failed: at least one error is in it.',
  labelNames: ['type', 'failed'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
  registers: [registry],
});

export const openSockets = new Gauge({
  name: 'roost_gateway_sockets',
  help: 'WebSockets of clients that are open.',
  registers: [registry],
});

export const openSubscriptions = new Gauge({
  name: 'roost_gateway_subscriptions',
  help: 'Subscriptions of clients that are open.',
  registers: [registry],
});

export const slowSubscribers = new Counter({
  name: 'roost_gateway_slow_subscribers_total',
  help: 'Subscriptions ended because their client did not keep up.',
  registers: [registry],
});

export function observeOperation(type: string, failed: boolean, ms: number): void {
  durations.observe({ type, failed: String(failed) }, ms / 1000);
}
