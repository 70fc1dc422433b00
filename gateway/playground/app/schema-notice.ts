import type { Answer } from './api.ts';
import { createStore } from './store.ts';

/** Why there is no schema to show, in words for people; null while there is one, or none was asked for. */
export const schemaNotice = createStore<string | null>(null);

/** Notes why GraphiQL's question for the schema is refused, and passes the answer on. */
export async function noteSchemaAnswer(asked: Promise<{ answer: unknown }>): Promise<object> {
  try {
    const { answer } = await asked;
    schemaNotice.set(noticeOf(answer as Answer<object>));
    return answer as object;
  } catch (err) {
    schemaNotice.set(err instanceof Error ? err.message : String(err));
    throw err;
  }
}

/**
 * What a refused introspection means for whoever wants to try the API. The server's own schema, if it keeps that to
 * itself, is not ours to tell: what was bundled with this page may not be what runs.
 */
export function noticeOf({ data, errors = [] }: Answer<object>): string | null {
  if (data != null && errors.length === 0) return null;
  const said = errors.map(({ message }) => message).join(' ');
  if (/persisted|registered|documentId/i.test(said))
    return 'This server runs only the operations that its own clients have registered. Others are refused, and the schema is not shown here.';
  if (/introspection/i.test(said))
    return 'This server keeps its schema to itself: there are no docs, no completion and no builder. Operations that you know run all the same.';
  return `The schema could not be read. ${said}`.trim();
}
