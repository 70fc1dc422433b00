import type { Logger } from 'pino';
import { madeAt, type Id } from '../../platform/ids.ts';
import { pause } from '../../platform/messaging/keep-trying.ts';
import { countOf, quantileMs } from './latency.ts';
import type { Receipt, Receipts } from './receipts.ts';
import type { ReceiptStore, SettledCounts } from './receipt-store.ts';

/** How far a tweet got. What each count means, the schema says; how it is counted, `receipts.ts`. */
export interface TweetDelivery extends Omit<SettledCounts, 'countedAt'> {
  isComplete: boolean;
  updatedAt: Date;
}

/** How far a tweet got, when that changed. */
export interface DeliveryChange {
  tweetId: Id;
  delivery: TweetDelivery;
}

/** Tells authors how far their tweets got. */
export interface TweetDeliveries {
  /** In the order of `tweetIds`; null for any that is not the author's. */
  of(authorId: Id, tweetIds: readonly Id[]): Promise<(TweetDelivery | null)[]>;
  /**
   * Gives it now, and again whenever it is another, until all are reached. Ends at once for a tweet that is not the
   * author's, and at any time by `return`.
   */
  follow(authorId: Id, tweetId: Id): AsyncGenerator<DeliveryChange, void, void>;
  /** Ends all that are followed. */
  stop(): void;
}

export interface TweetDeliveriesDeps {
  receipts: Pick<Receipts, 'read'>;
  store: ReceiptStore;
  now: () => number;
  log: Logger;
}

/** Without a receipt for so long, a tweet is not on its way any more; its receipt is lost, or there never was one. */
export const ON_THE_WAY_MS = 60 * 60 * 1000;

/** Counts change by parts of a thousand followers; a person does not see more. */
const LOOK_INTERVAL_MS = 400;

export function createTweetDeliveries({ receipts, store, now, log }: TweetDeliveriesDeps): TweetDeliveries {
  const stopping = new AbortController();

  const of = async (
    authorId: Id,
    tweetIds: readonly Id[],
    audiencesNow = store.audiencesNow,
  ): Promise<(TweetDelivery | null)[]> => {
    const own = await store.byAuthor(authorId, tweetIds);
    const unsettled = tweetIds.filter((_, at) => own[at]?.settled === null);
    const counted = new Map(await travelling(unsettled, audiencesNow));
    return own.map((tweet, at) => {
      if (tweet === null) return null;
      if (tweet.settled !== null) return settledDelivery(tweet.settled);
      return counted.get(tweetIds[at] ?? '') ?? null;
    });
  };

  async function travelling(
    tweetIds: readonly Id[],
    audiencesNow: ReceiptStore['audiencesNow'],
  ): Promise<[Id, TweetDelivery][]> {
    if (tweetIds.length === 0) return [];
    const found = await receipts.read(tweetIds).catch((err: unknown) => {
      log.debug({ err }, 'receipts are out of reach');
      return [];
    });
    const lost = tweetIds.filter((_, at) => !found[at]);
    const audiences = lost.length === 0 ? [] : await audiencesNow(lost);
    return tweetIds.map((id, at) => {
      const receipt = found[at] ?? null;
      return [
        id,
        receipt === null ? withoutReceipt(id, audiences[lost.indexOf(id)] ?? 0) : deliveryOf(receipt),
      ];
    });
  }

  /** By the definition: it is on all timelines that it is meant for, or nobody was told of it yet. */
  function withoutReceipt(tweetId: Id, audienceCount: number): TweetDelivery {
    const isComplete = now() - madeAt(tweetId) > ON_THE_WAY_MS;
    return {
      audienceCount,
      reachedCount: isComplete ? audienceCount : 0,
      reachedLiveCount: 0,
      awayCount: 0,
      p50Ms: null,
      p99Ms: null,
      isComplete,
      updatedAt: new Date(now()),
    };
  }

  async function* changes(
    authorId: Id,
    tweetId: Id,
    signal: AbortSignal,
  ): AsyncGenerator<DeliveryChange, void, void> {
    let told: string | undefined;
    let counting: Promise<number[]> | undefined;
    // Reads all followers, and is asked at each look while there is no receipt.
    const countOnce: typeof store.audiencesNow = (tweetIds) => (counting ??= store.audiencesNow(tweetIds));
    while (!signal.aborted) {
      const [delivery = null] = await of(authorId, [tweetId], countOnce);
      if (delivery === null) return;
      const state = JSON.stringify({ ...delivery, updatedAt: null });
      // Once complete, it is looked at again: those who look on are counted a moment after they were told.
      if (state === told && delivery.isComplete) return;
      if (state !== told) yield { tweetId, delivery };
      told = state;
      await pause(LOOK_INTERVAL_MS, signal);
    }
  }

  return {
    of: (authorId, tweetIds) => of(authorId, tweetIds),
    follow: (authorId, tweetId) => {
      const left = new AbortController();
      const running = changes(authorId, tweetId, AbortSignal.any([left.signal, stopping.signal]));
      const leave = () => {
        left.abort();
        return running.return();
      };
      return {
        // A generator settles its `return` behind the step that it is in: the signal ends that one's pause.
        next: () => running.next(),
        return: leave,
        throw: leave,
        [Symbol.asyncIterator]() {
          return this;
        },
        [Symbol.asyncDispose]: async () => void (await leave()),
      };
    },
    stop: () => stopping.abort(),
  };
}

const settledDelivery = ({ countedAt, ...counts }: SettledCounts): TweetDelivery => ({
  ...counts,
  isComplete: true,
  updatedAt: countedAt,
});

export function deliveryOf({ audience, reached, waiting, isComplete, live, atMs }: Receipt): TweetDelivery {
  return {
    audienceCount: audience + waiting,
    reachedCount: reached,
    // Those of a part that is not counted yet were told already.
    reachedLiveCount: Math.min(countOf(live), reached),
    awayCount: audience - reached,
    p50Ms: quantileMs(live, 0.5),
    p99Ms: quantileMs(live, 0.99),
    isComplete,
    updatedAt: new Date(atMs),
  };
}
