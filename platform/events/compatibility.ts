import { parseSchema, nameOf, type Schema, type SchemaHistory } from './schemas.ts';

/**
 * What forbids these schemas, a sentence each; empty when all is well. A schema must read everything that an accepted
 * one of its event wrote, because topics keep it, and each accepted one must read what it writes, because processes of
 * the last release still run during a deployment.
 */
export function incompatibilities(schemas: Schema[], history: SchemaHistory): string[] {
  const names = new Set(schemas.map(nameOf));
  const gone = Object.keys(history)
    .filter((name) => !names.has(name))
    .map((name) => `${name} has no schema any more, but topics may still hold it.`);
  const changed = schemas.flatMap((schema) =>
    (history[nameOf(schema)] ?? []).flatMap((accepted) => [
      ...refusal(schema, accepted, `can't read what an accepted ${nameOf(schema)} wrote`),
      ...refusal(accepted, schema, `writes what an accepted ${nameOf(schema)} can't read`),
    ]),
  );
  return [...gone, ...new Set(changed)];
}

function refusal(reader: Schema, writer: Schema, what: string): string[] {
  try {
    parseSchema(reader).createResolver(parseSchema(writer));
    return [];
  } catch (err) {
    const why = err instanceof Error ? err.message.split('\n')[0] : String(err);
    return [`The schema ${what}: ${why}. Add fields with a default, or make a new version.`];
  }
}

/** The history with the schemas appended that it does not end with. Two that differ in words alone are one. */
export function accept(schemas: Schema[], history: SchemaHistory): SchemaHistory {
  const next = { ...history };
  for (const schema of schemas) {
    const accepted = history[nameOf(schema)] ?? [];
    const last = accepted.at(-1);
    if (last === undefined || JSON.stringify(last) !== JSON.stringify(schema)) {
      const sameBytes = last !== undefined && parseSchema(last).equals(parseSchema(schema));
      next[nameOf(schema)] = [...(sameBytes ? accepted.slice(0, -1) : accepted), schema];
    }
  }
  return next;
}
