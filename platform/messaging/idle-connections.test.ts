import { expect, it } from '@jest/globals';
import { KafkaRequestQueue } from './idle-connections.ts';

const aQueue = () => new KafkaRequestQueue({ logger: { debug: () => undefined }, requestTimeout: 1000 });

it('looks for what waits to be sent while something does, and not otherwise', () => {
  const idle = aQueue();
  idle.scheduleCheckPendingRequests();
  expect(idle.throttleCheckTimeoutId).toBeNull();

  const busy = aQueue();
  busy.pending.push({});
  busy.scheduleCheckPendingRequests();
  expect(busy.throttleCheckTimeoutId).not.toBeNull();
  clearTimeout(busy.throttleCheckTimeoutId ?? undefined);
});
