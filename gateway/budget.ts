import { BoundedMap } from '../platform/bounded-map.ts';
import { ratesOf } from '../platform/network-of.ts';
import type { Rate, RateLimiter } from '../platform/rate-limiter.ts';
import type { Caller } from '../subgraphs/viewer.ts';

/** What clients are told in `extensions.cost` and in headers. */
export interface CostNotice {
  /** What this operation costs, or this event. */
  requested: number;
  /** What is left of the budget until it is there again. */
  remaining: number;
  limit: number;
  /** Milliseconds until all of it is there again. */
  resetMs: number;
}

export interface Spending {
  isAllowed: boolean;
  notice: CostNotice;
}

/** What each viewer may spend on operations in a minute; whoever is signed out shares with all of the address. */
export interface Budget {
  spend(caller: Caller, cost: number): Promise<Spending>;
  /** How it was refused, while nothing is left: known here and at once, so that nothing is read for it. */
  refusedBefore(caller: Caller, cost?: number): Spending | null;
}

/** Ninety pages of a home timeline in a minute: scrolling fast takes thirty. */
const PER_VIEWER: Rate = { name: 'cost-viewer', count: 50_000, perSeconds: 60 };
const PER_ADDRESS: Rate = { name: 'cost-address', count: 40_000, perSeconds: 60 };

/** Whoever is forgotten here is refused by the limiter. */
const REFUSED_KEPT = 10_000;

export function createBudget(limiter: RateLimiter, now: () => number = Date.now): Budget {
  const refused = new BoundedMap<string, { until: number; limit: number }>(REFUSED_KEPT);

  const refusedBefore: Budget['refusedBefore'] = (caller, cost = 0) => {
    for (const [, key] of countedBy(caller)) {
      const known = refused.get(key);
      if (known === undefined || known.until <= now()) continue;
      const { until, limit } = known;
      return { isAllowed: false, notice: { requested: cost, remaining: 0, limit, resetMs: until - now() } };
    }
    return null;
  };

  return {
    refusedBefore,
    spend: async (caller, cost) => {
      const before = refusedBefore(caller, cost);
      if (before !== null) return before;
      const spent = await Promise.all(
        countedBy(caller).map(async ([rate, key]): Promise<Spending> => {
          const { isAllowed, limit, remaining, resetMs } = await limiter.use(rate, key, cost);
          // A use that is refused is counted too, so nothing is left until the window ends.
          if (!isAllowed) refused.set(key, { until: now() + resetMs, limit });
          return { isAllowed, notice: { requested: cost, remaining, limit, resetMs } };
        }),
      );
      return spent.reduce((own, other) => (own.isAllowed && !other.isAllowed ? other : own));
    },
  };
}

const countedBy = ({ viewer, address }: Caller): [Rate, string][] =>
  viewer === null
    ? ratesOf(PER_ADDRESS, address).map(([rate, key]) => [rate, `address ${key}`])
    : [[PER_VIEWER, `viewer ${viewer.userId}`]];
