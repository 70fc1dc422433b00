import { median, percentile } from './percentile.ts';
import { milliseconds, perSecond, table } from './table.ts';

/** Something to do again and again, told the count of its calls. */
export interface Subject {
  name: string;
  once(n: number): Promise<unknown>;
}

export interface Load {
  connections: number;
  rounds: number;
  roundMs: number;
  signal: AbortSignal;
}

export interface Comparison {
  /** Per second: of each subject, the median of its rounds. */
  rates: number[];
  lines: string[];
}

/** As fast as so many connections go, the subjects in turn, so that whatever else goes on falls on all alike. */
export async function compare(subjects: readonly Subject[], load: Load): Promise<Comparison> {
  const results = subjects.map((subject) => ({
    ...subject,
    calls: 0,
    rates: [] as number[],
    took: [] as number[],
  }));
  for (let round = 0; round <= load.rounds; round++) {
    for (const result of results) {
      load.signal.throwIfAborted();
      const measured = await run(() => result.once(result.calls++), load);
      // The first is the warm-up: connections are opened, lists are built, plans are made.
      if (round === 0) continue;
      result.rates.push(measured.rate);
      result.took.push(...measured.took);
    }
  }
  return {
    rates: results.map(({ rates }) => median(rates)),
    lines: [
      ...table([
        ['', 'rate', 'p50', 'p99'],
        ...results.map(({ name, rates, took }) => [
          name,
          perSecond(median(rates)),
          milliseconds(median(took)),
          milliseconds(percentile(took, 0.99)),
        ]),
      ]),
      `${load.connections} connections; medians of ${load.rounds} rounds of ${load.roundMs / 1000} s, in turn`,
    ],
  };
}

async function run(once: () => Promise<unknown>, { connections, roundMs }: Load) {
  const took: number[] = [];
  const began = performance.now();
  const connection = async () => {
    while (performance.now() - began < roundMs) {
      const at = performance.now();
      await once();
      took.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return { rate: (took.length / (performance.now() - began)) * 1000, took };
}
