import type pg from 'pg';
import type { Id } from '../platform/ids.ts';
import { parseEntities } from '../platform/text/parse-entities.ts';
import { storedEntities } from '../platform/text/stored-entities.ts';

const ROWS_PER_STATEMENT = 5000;

/** Columns with their types, in the order of the values of a row. */
export type Columns = Readonly<Record<string, string>>;

/** Rows by columns through `unnest`: one round trip for thousands. */
export async function insert(client: pg.Client, table: string, columns: Columns, rows: readonly unknown[][]) {
  const types = Object.values(columns);
  const arrays = types.map((type, index) => `$${index + 1}::${type}[]`).join(', ');
  const into = `INSERT INTO ${table} (${Object.keys(columns).join(', ')}) SELECT * FROM unnest(${arrays})`;
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const part = rows.slice(start, start + ROWS_PER_STATEMENT);
    await client.query(
      into,
      types.map((_, column) => part.map((row) => row[column])),
    );
  }
}

/** As subgraphs store them: a mention names the account, not the name. */
export const entitiesOf = (text: string, idByName: ReadonlyMap<string, Id>): string =>
  JSON.stringify(storedEntities(parseEntities(text), idByName));
