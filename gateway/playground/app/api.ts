import { noteAnswer } from './notice.ts';

/** Where the API is: the address that this page came from. */
export const endpoint = `${location.origin}/graphql`;

export interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string; retryAfterMs?: number } }[];
}

/** In how many ms the same is worth asking again; null where it was answered, or would be refused again. */
export function askAgainIn({ errors = [] }: Answer<unknown>): number | null {
  const limited = errors.find(({ extensions }) => extensions?.code === 'RATE_LIMITED');
  return limited === undefined ? null : (limited.extensions?.retryAfterMs ?? 10_000);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks for something of our own, which the meter does not count. Rejects when no answer in JSON comes. */
export async function ask<Data>(query: string, variables: object = {}): Promise<Answer<Data>> {
  const { answer } = await post({ query, variables }, {});
  return answer as Answer<Data>;
}

/** Rejects, in words for people, when there is no answer or none in JSON. */
export async function post(
  body: object,
  headers: Record<string, string>,
  signal: AbortSignal | null = null,
): Promise<{ status: number; bytes: number; answer: Answer<object> }> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(body),
    signal,
  }).catch((err: unknown) => {
    throw new Error('The server cannot be reached.', { cause: err });
  });
  const text = await response.text();
  const bytes = new TextEncoder().encode(text).length;
  try {
    const answer = JSON.parse(text) as Answer<object>;
    noteAnswer(answer);
    return { status: response.status, bytes, answer };
  } catch (err) {
    throw new Error(`The server answered ${response.status}, and not in JSON.`, { cause: err });
  }
}
