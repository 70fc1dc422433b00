export interface Readiness {
  ok: boolean;
  /** Per check: `ok`, or why not. */
  checks: Record<string, string>;
}

export interface Health {
  /** True as long as the event loop turns; says nothing about what this process needs. */
  live(): boolean;
  /** Runs all checks side by side; takes as long as the slowest, at most the deadline. Never rejects. */
  ready(): Promise<Readiness>;
  /** From here on `ready()` answers false, so that load balancers look elsewhere while open work is finished. */
  drain(): void;
}

/** A check passes by resolving. One that has not answered within `deadlineMs` fails with that as its reason. */
export function createHealth({
  checks,
  deadlineMs = 2_000,
}: {
  checks: Record<string, () => Promise<void>>;
  deadlineMs?: number;
}): Health {
  let draining = false;
  return {
    live: () => true,
    drain: () => {
      draining = true;
    },
    ready: async () => {
      const answers = await Promise.all(
        Object.entries(checks).map(
          async ([name, check]) => [name, await outcome(check, deadlineMs)] as const,
        ),
      );
      if (draining) answers.push(['drain', 'this process is stopping']);
      return { ok: answers.every(([, answer]) => answer === 'ok'), checks: Object.fromEntries(answers) };
    },
  };
}

async function outcome(check: () => Promise<void>, deadlineMs: number): Promise<string> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve(`no answer within ${deadlineMs} ms`), deadlineMs);
  try {
    return await Promise.race([check().then(() => 'ok'), late]);
  } catch (err) {
    return err instanceof Error && err.message !== '' ? err.message : String(err);
  } finally {
    clearTimeout(timer);
  }
}
