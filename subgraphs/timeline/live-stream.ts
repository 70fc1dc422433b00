import { GapStream } from '../../platform/live-log/gap-stream.ts';
import type { LiveEvent, LiveEventOf } from './live-event.ts';

export interface LiveStreamOptions {
  /** Looks up where a gap ends. Must not reject. */
  fill: (gap: LiveEventOf<'gap'>) => Promise<LiveEvent>;
  /** What is left to tell of entries that waited for the reader: they were judged when they came. Must not reject. */
  judge: (added: LiveEventOf<'added'>) => Promise<LiveEvent>;
  onEnd: () => void;
}

/** One viewer's stream. What it tells is for the viewer when it is told, however late it is read. */
export class LiveStream extends GapStream<LiveEvent> {
  /** An event that is read at once waited for nobody. */
  #arriving: LiveEvent | null = null;

  constructor({ fill, judge, onEnd }: LiveStreamOptions) {
    super({
      gap: (sinceMs, { viewerId, place }) => ({
        viewerId,
        place,
        kind: 'gap',
        sinceMs,
        untilMs: place.atMs,
        before: null,
      }),
      fill: (event) => {
        if (event.kind === 'gap') return fill(event);
        return event.kind === 'added' && event !== this.#arriving ? judge(event) : null;
      },
      onEnd,
    });
  }

  override push(event: LiveEvent, sinceMs: number): void {
    this.#arriving = event;
    super.push(event, sinceMs);
    this.#arriving = null;
  }
}
