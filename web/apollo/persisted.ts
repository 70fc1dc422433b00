import type { DocumentNode } from 'graphql';

/**
 * The id by which gateways know an operation: it was written down, with its text, when the client was built. Undefined
 * for one that was not.
 */
export const documentIdOf = (document: DocumentNode): string | undefined =>
  (document as { __meta__?: { hash?: string } }).__meta__?.hash;

export interface Operation {
  query: string;
  documentId: string | undefined;
}

const NOT_FOUND = 404;

/** Posts an operation by its id alone, and by its text to a gateway that does not know the id: an older one, or a newer. */
export async function post(
  url: string | URL,
  { query, documentId, ...rest }: Operation & Record<string, unknown>,
  init: RequestInit,
): Promise<Response> {
  const send = (body: object) => fetch(url, { ...init, method: 'POST', body: JSON.stringify(body) });
  if (documentId === undefined) return await send({ ...rest, query });
  const answer = await send({ ...rest, documentId });
  if (answer.status !== NOT_FOUND) return answer;
  await answer.body?.cancel();
  return await send({ ...rest, query });
}
