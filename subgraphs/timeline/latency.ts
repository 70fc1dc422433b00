/*
 * Latencies in steps, four to each doubling: few numbers hold any of them to within a fifth, from a millisecond to
 * hours.
 */
const STEPS_PER_DOUBLING = 4;

/** The step of a latency; below a millisecond, the first. */
export const stepOf = (ms: number): number =>
  Math.max(0, Math.ceil(STEPS_PER_DOUBLING * Math.log2(Math.max(1, ms))));

const upperMs = (step: number): number => Math.round(2 ** (step / STEPS_PER_DOUBLING));

/** The latency that this share of all is not above, as the end of its step. Null of nothing. */
export function quantileMs(steps: ReadonlyMap<number, number>, share: number): number | null {
  let rest = share * countOf(steps);
  for (const [step, count] of [...steps].sort(([a], [b]) => a - b)) {
    rest -= count;
    if (rest <= 0) return upperMs(step);
  }
  return null;
}

export const countOf = (steps: ReadonlyMap<number, number>): number =>
  [...steps.values()].reduce((sum, count) => sum + count, 0);
