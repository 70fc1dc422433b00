import { randomUUID } from 'node:crypto';
import { cache } from 'react';
import { headers } from 'next/headers';
import type { TypedDocumentNode } from '@apollo/client';
import { print, type FormattedExecutionResult } from 'graphql';
import { createCache } from './client.ts';
import { documentIdOf, post } from './persisted.ts';
import type { Preloaded } from './preloaded.ts';

// Next's `fetch` and Apollo's client would each keep answers of their own: one visitor must never be given another's,
// so a page asks the gateway itself, and what React's `cache` keeps it keeps for one request.

/** Longer than the gateway lets an operation take. */
const ANSWER_WITHIN_MS = 20_000;

/** Of the visitor's request, what the gateway must know to answer as if the browser had asked it. */
const PASSED_ON = ['cookie', 'user-agent', 'x-roost-client'];

const documents = createCache();

/**
 * Asks the gateway as the visitor, while a page renders on the server. Fields that are out of reach are null in the
 * answer. Rejects when there is no answer at all; then the nearest `error.tsx` shows.
 */
export async function query<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  // The client's cache must know every object by its type.
  const text = print(documents.transformDocument(document));
  return (await ask(text, documentIdOf(document), JSON.stringify(variables))) as Data;
}

/** The answer to a query, for `usePreloadedQuery` of a client component to begin with. */
export async function preload<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Preloaded<Data, Variables>> {
  return { key: randomUUID(), variables, data: await query(document, variables) };
}

/** The layout and its page may ask for the same. */
const ask = cache(
  async (text: string, documentId: string | undefined, variables: string): Promise<unknown> => {
    const asked = await headers();
    const passed = PASSED_ON.map((name) => [name, asked.get(name)] as const);
    const operation = { query: text, documentId, variables: JSON.parse(variables) as object };
    const response = await post(new URL('/graphql', gatewayUrl()), operation, {
      headers: {
        'content-type': 'application/json',
        ...Object.fromEntries(passed.filter(([, value]) => value !== null)),
      },
      cache: 'no-store',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const { data, errors = [] } = (await response.json()) as FormattedExecutionResult;
    if (data === undefined || data === null) {
      const [first] = errors;
      throw new Error(first ? first.message : `The gateway answered with status ${response.status}.`);
    }
    return data;
  },
);

function gatewayUrl(): string {
  const url = process.env['GATEWAY_URL'];
  if (url === undefined) throw new Error('GATEWAY_URL is missing.');
  return url;
}
