import type { Logger } from 'pino';
import { pause } from '../../platform/messaging/keep-trying.ts';
import type { Receipts } from './receipts.ts';
import type { ReceiptStore } from './receipt-store.ts';
import { deliveryOf } from './tweet-delivery.ts';

const INTERVAL_MS = 10_000;
const AT_ONCE = 500;

/**
 * Writes receipts that are complete to Postgres, many in one statement. Safe beside others that do the same, and to
 * repeat: the first that is written stands. Gives how many were due.
 */
export async function settleReceipts(receipts: Receipts, store: ReceiptStore): Promise<number> {
  const due = await receipts.due(AT_ONCE);
  const found = await receipts.read(due);
  const at = new Map(due.map((id, index) => [id, found[index] ?? null]));
  const incomplete = due.filter((id) => at.get(id)?.isComplete === false);
  const rows = due.flatMap((tweetId) => {
    const receipt = at.get(tweetId) ?? null;
    if (!receipt?.isComplete) return [];
    const { updatedAt, ...counts } = deliveryOf(receipt);
    return [{ tweetId, ...counts, countedAt: updatedAt }];
  });
  await store.insert(rows);
  await receipts.postpone(incomplete);
  await receipts.done(due.filter((id) => !incomplete.includes(id)));
  return due.length;
}

/** Does so as long as it runs. */
export function startSettling(
  receipts: Receipts,
  store: ReceiptStore,
  log: Logger,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const run = async () => {
    // Pauses before the first, too: by then Redis has answered.
    for (let count = 0; !stopping.signal.aborted;) {
      if (count < AT_ONCE) await pause(INTERVAL_MS, stopping.signal);
      if (stopping.signal.aborted) return;
      count = await settleReceipts(receipts, store).catch((err: unknown) => {
        log.warn({ err }, 'receipts could not be settled');
        return 0;
      });
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
