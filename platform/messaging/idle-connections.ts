import { createRequire } from 'node:module';

/** The part of kafkajs that is mended here: what waits to be sent on a connection. */
export interface RequestQueue {
  pending: unknown[];
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  scheduleCheckPendingRequests(): void;
}

/** kafkajs' own class. */
export const KafkaRequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
  new (options: object): RequestQueue;
  prototype: RequestQueue;
};

const { scheduleCheckPendingRequests } = KafkaRequestQueue.prototype;

/**
 * From the first answer on, kafkajs 2.2.4 looks a thousand times a second on each connection whether a request waits to
 * be sent, for as long as the connection lives (its issue 1704). When none waits there is nothing to look for: one that
 * comes is sent, or looked for, by itself.
 */
KafkaRequestQueue.prototype.scheduleCheckPendingRequests = function () {
  if (this.pending.length > 0) scheduleCheckPendingRequests.call(this);
};
