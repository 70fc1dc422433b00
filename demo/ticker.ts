import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Id } from '../platform/ids.ts';
import { createLog } from '../platform/process/log.ts';
import type { SubgraphSource } from '../gateway/source.ts';
import { circles } from './circles.ts';
import { createRandom } from './random.ts';
import { smallTalk } from './small-talk.ts';

export interface TickerOptions {
  /** Where it posts, as the gateway does for everybody: the tweet subgraph. */
  tweet: Pick<SubgraphSource, 'execute'>;
  /** Whom it lets post. */
  people: readonly Id[];
  /** Whether anybody looks: an empty room stays quiet. */
  isWatched: () => boolean | Promise<boolean>;
}

const SHORTEST_PAUSE_MS = 3000;
const LONGEST_PAUSE_MS = 9000;
const POST_WITHIN_MS = 5000;

/** Lets demo people post now and then, so that a timeline on screen is seen to be live. */
export function startTicker({ tweet, people, isWatched }: TickerOptions): { stop: () => Promise<void> } {
  const log = createLog('ticker');
  const random = createRandom(Date.now());
  const stopping = new AbortController();

  async function post(): Promise<void> {
    const viewer = { userId: random.pick(people), sessionId: '0' };
    // Which circle they were in is known to nobody any more; by chance does as well.
    const variables = { text: smallTalk(random.below(circles.length), random), key: randomUUID() };
    const { errors } = await tweet.execute(
      {
        query:
          'mutation ($text: String!, $key: String!) { createTweet(input: { text: $text, idempotencyKey: $key }) { errors { __typename } } }',
        variables,
      },
      {
        caller: { viewer, address: '127.0.0.1', userAgent: 'ticker', readsOwnWrites: false },
        signal: AbortSignal.timeout(POST_WITHIN_MS),
        setCookie: () => undefined,
      },
    );
    if (errors !== undefined) log.warn({ errors }, 'could not post');
  }

  async function tick(): Promise<void> {
    while (people.length > 0) {
      const pauseMs = SHORTEST_PAUSE_MS + random.next() * (LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS);
      await pause(pauseMs, undefined, { signal: stopping.signal, ref: false });
      if (await isWatched()) await post();
    }
  }
  const ticking = tick().catch((err: unknown) => {
    if (!stopping.signal.aborted) log.error({ err }, 'ticker ended');
  });
  return {
    stop: async () => {
      stopping.abort();
      await ticking;
    },
  };
}
