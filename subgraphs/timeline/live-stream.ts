import { GapStream } from '../../platform/live-log/gap-stream.ts';
import type { LiveEvent, LiveEventOf } from './live-event.ts';

type Gap = LiveEventOf<'gap'>;

export interface LiveStreamOptions {
  /** Looks up where a gap ends. Must not reject. */
  fill: (gap: Gap) => Promise<Gap>;
  onEnd: () => void;
}

/** One viewer's stream. */
export class LiveStream extends GapStream<LiveEvent> {
  constructor({ fill, onEnd }: LiveStreamOptions) {
    super({
      gap: (sinceMs, { viewerId, place }) => ({
        viewerId,
        place,
        kind: 'gap',
        sinceMs,
        untilMs: place.atMs,
        before: null,
      }),
      fill: (event) => (event.kind === 'gap' ? fill(event) : null),
      onEnd,
    });
  }
}
