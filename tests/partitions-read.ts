import pg from 'pg';

export type StatementParameter = string | number | null | string[];

interface PlanNode {
  'Relation Name'?: string;
  'Actual Loops': number;
  Plans?: PlanNode[];
}

/**
 * The partitions that a statement reads when it runs, by name, under the plan that a prepared statement ends up with:
 * made once, without knowing its parameters. It does run, and changes what it changes.
 */
export async function partitionsRead(
  client: pg.Client,
  sql: string,
  parameters: readonly StatementParameter[],
): Promise<string[]> {
  await client.query('SET plan_cache_mode = force_generic_plan');
  await client.query(`PREPARE hot AS ${sql}`);
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE hot (${parameters.map(literal).join(',')})`,
  );
  await client.query('DEALLOCATE hot');
  const read = (node: PlanNode): string[] => [
    ...(node['Relation Name'] !== undefined && node['Actual Loops'] > 0 ? [node['Relation Name']] : []),
    ...(node.Plans ?? []).flatMap(read),
  ];
  return [...new Set(rows.flatMap((row) => read(row['QUERY PLAN'][0].Plan)))].toSorted();
}

const literal = (parameter: StatementParameter): string =>
  parameter === null
    ? 'NULL'
    : pg.escapeLiteral(Array.isArray(parameter) ? `{${parameter.join(',')}}` : String(parameter));
