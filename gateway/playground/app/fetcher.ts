import type { Fetcher } from '@graphiql/toolkit';
import { lookWhoIsSignedIn } from './account/account.ts';
import { endpoint, post } from './api.ts';
import { askedIn } from './asked.ts';
import { live } from './live/live-events.ts';
import { followLive } from './live/stream.ts';
import { noteSchemaAnswer } from './notice.ts';
import { costIn, lastRun } from './runs.ts';
import { fillEachRun } from './saved/examples.ts';

/** What people run: over HTTP, with the time it takes, or over a socket, with its events listed. */
export const fetcher: Fetcher = async (params, options) => {
  const headers = (options?.headers ?? {}) as Record<string, string>;
  const { query } = params;
  if (params.operationName === 'IntrospectionQuery') {
    const { answer } = await post(params, headers);
    noteSchemaAnswer(answer);
    return answer as object;
  }

  const variables = fillEachRun(params.variables ?? {}) as Record<string, unknown>;
  const { operationName, kind } = askedIn(query, params.operationName);
  if (kind === 'subscription') {
    lastRun.set(null);
    return followLive(endpoint.replace(/^http/, 'ws'), { query, operationName, variables }, headers);
  }
  live.set(null);
  const began = performance.now();
  const since = () => performance.now() - began;
  try {
    const { status, bytes, answer } = await post({ query, operationName, variables }, headers);
    lastRun.set({ status, bytes, ms: since(), cost: costIn(answer) });
    // It may have signed somebody in or out, or changed how they are called.
    if (kind === 'mutation') void lookWhoIsSignedIn();
    return answer as object;
  } catch (err) {
    lastRun.set({ status: null, bytes: 0, ms: since(), cost: null });
    throw err;
  }
};
