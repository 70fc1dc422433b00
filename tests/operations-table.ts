import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const page = join(import.meta.dirname, '../docs/api.md');
const BEGIN = '<!-- operations: written by tests/operations.integration.test.ts -->\n';
const END = '<!-- operations: end -->';

export const COLUMNS = ['operation', 'fetches', 'calls', 'hops', 'statements', 'cost', 'way'] as const;
export type Row = Record<(typeof COLUMNS)[number], string>;

/** The table of docs/api.md, as its cells. */
export function readTable(): Row[] {
  const [, table] = split(readFileSync(page, 'utf8'));
  return table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => {
      const cells = line.split('|').map((cell) => cell.trim());
      return Object.fromEntries(COLUMNS.map((column, at) => [column, cells[at + 1] ?? ''])) as Row;
    });
}

export function writeTable(rows: readonly Row[]): void {
  const [before, , after] = split(readFileSync(page, 'utf8'));
  const lines = [
    Object.fromEntries(COLUMNS.map((column) => [column, column])) as Row,
    Object.fromEntries(
      COLUMNS.map((column) => [column, column === 'operation' || column === 'way' ? '---' : '---:']),
    ) as Row,
    ...rows,
  ].map((row) => `| ${COLUMNS.map((column) => row[column]).join(' | ')} |`);
  writeFileSync(page, `${before}${BEGIN}\n${lines.join('\n')}\n\n${END}${after}`);
}

function split(text: string): [string, string, string] {
  const [before, rest] = text.split(BEGIN);
  const [table, after] = rest?.split(END) ?? [];
  if (before === undefined || table === undefined || after === undefined)
    throw new Error('docs/api.md has no place for the table of operations.');
  return [before, table, after];
}
