/** Rows as lines: the first column reads, the others are numbers and stand to the right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('   '),
  );
}

export const milliseconds = (ms: number): string => `${ms.toFixed(1)} ms`;

export const perSecond = (count: number): string => `${Math.round(count)}/s`;

/** Three digits that count, since ratios go from thousandths to hundreds. */
export const ratio = (value: number): string => Number(value.toPrecision(3)).toString();
