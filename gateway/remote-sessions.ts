import { z } from 'zod';
import { ASSERTION_HEADER, signAssertion } from '../subgraphs/assertion.ts';
import type { SessionSource } from '../subgraphs/session.ts';

const foundShape = z.object({
  session: z.object({ id: z.string(), userId: z.string(), expiresAt: z.coerce.date() }).nullable(),
});
const standsShape = z.object({ stands: z.boolean() });

/** Nobody waits longer to learn whether they are signed in. */
const WITHIN_MS = 5_000;

export interface RemoteSessionsOptions {
  /** Of the user subgraph's GraphQL endpoint. */
  url: string;
  assertionKey: string;
  /** Hears of sessions that end. Left out, whoever holds something open learns of it by asking `stands` again. */
  onEnded?: SessionSource['onEnded'];
}

/** Asks the user subgraph's server about sessions; `serveSubgraph` is the other end. */
export function remoteSessions({
  url,
  assertionKey,
  onEnded = () => () => undefined,
}: RemoteSessionsOptions): SessionSource {
  async function ask(path: string, question: object, address: string): Promise<unknown> {
    const body = JSON.stringify(question);
    const caller = { viewer: null, address, userAgent: null, readsOwnWrites: false };
    const response = await fetch(new URL(path, url), {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        [ASSERTION_HEADER]: signAssertion(assertionKey, 'user', caller, body),
      },
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    if (!response.ok) throw new Error(`The user subgraph answers ${response.status} to ${path}.`);
    return await response.json();
  }

  return {
    find: async (credential, { address }) =>
      foundShape.parse(await ask('/sessions/find', { credential, address }, address)).session,
    stands: async (sessionId) =>
      standsShape.parse(await ask('/sessions/stands', { sessionId }, '127.0.0.1')).stands,
    onEnded,
  };
}
