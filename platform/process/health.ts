export interface Readiness {
  ok: boolean;
  /** Per check: `ok`, or why not. */
  checks: Record<string, string>;
}

/**
 * Runs all checks side by side; takes as long as the slowest, at most the deadline. A check passes by resolving. One that
 * has not answered within `deadlineMs` fails with that as its reason. Never rejects.
 */
export async function readiness(
  checks: Record<string, () => Promise<void>>,
  deadlineMs = 2_000,
): Promise<Readiness> {
  const answers = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await outcome(check, deadlineMs)] as const),
  );
  return { ok: answers.every(([, answer]) => answer === 'ok'), checks: Object.fromEntries(answers) };
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
