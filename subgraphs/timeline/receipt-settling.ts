import type { Logger } from 'pino';
import { again, type Again } from '../../platform/process/again.ts';
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
export const startSettling = (receipts: Receipts, store: ReceiptStore, log: Logger): Again =>
  // By the end of the first rest Redis has answered.
  again({ everyMs: INTERVAL_MS, restsFirst: true }, async (signal) => {
    try {
      while (!signal.aborted && (await settleReceipts(receipts, store)) === AT_ONCE);
    } catch (err) {
      log.warn({ err }, 'receipts could not be settled');
    }
  });
