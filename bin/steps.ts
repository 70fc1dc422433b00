/** Runs one step and prints a line when it is done: how long it took, and what `tell` makes of its result. */
export async function step<T>(
  name: string,
  work: () => Promise<T>,
  tell: (result: T) => string = () => '',
): Promise<T> {
  const began = performance.now();
  const result = await work();
  console.log(
    `  ✓ ${name.padEnd(15)} ${seconds(performance.now() - began).padStart(7)}  ${tell(result)}`.trimEnd(),
  );
  return result;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
