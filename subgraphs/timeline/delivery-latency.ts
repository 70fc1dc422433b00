import { Histogram } from 'prom-client';
import { registry } from '../../platform/process/metrics.ts';

/** From the making of an entry's id to its event being handed to a stream that was open and had caught up. */
export const deliveryLatency = new Histogram({
  name: 'roost_delivery_seconds',
  help: "From the moment an entry was posted until it was handed to a follower's open stream.",
  buckets: [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300],
  registers: [registry],
});
