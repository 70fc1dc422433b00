import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { createClient } from 'graphql-ws';

/** A new UUID wherever a variable says `$uuid`, so that a saved mutation can be run again. */
function fillUuids(value: unknown): unknown {
  if (value === '$uuid') return crypto.randomUUID();
  if (Array.isArray(value)) return value.map(fillUuids);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fillUuids(inner)]));
}

/**
 * Asks the endpoint that the page came from, over HTTP or, for a subscription, over a socket that is opened when it is
 * needed: so one opened after signing in is signed in.
 */
export function createFetcher(): Fetcher {
  const url = `${location.origin}/graphql`;
  const ask = createGraphiQLFetcher({
    url,
    wsClient: createClient({ url: url.replace(/^http/, 'ws'), lazy: true }),
  });
  return (params, options) => ask({ ...params, variables: fillUuids(params.variables) }, options);
}
