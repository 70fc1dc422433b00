import { defineEvent } from './define-event.ts';
import type { FanOutChunkV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/**
 * A part of a large account's followers, to be told of one entry. Published by the fan-out itself, for its second
 * consumer, so that nobody waits behind a large account. Parts have no order among them.
 */
export type FanOutChunk = FanOutChunkV1;

export const FanOutChunk = defineEvent<FanOutChunk>({
  schema: readSchema('fan-out-chunk.v1.avsc'),
  topic: 'fan-out-chunks',
  key: ({ entryId, afterFollowerId }) => `${entryId} ${afterFollowerId ?? ''}`,
});
