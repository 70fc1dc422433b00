import type { Fetcher, Observable } from '@graphiql/toolkit';
import { lookWhoIsSignedIn } from './account/account.ts';
import { ask, askAgainIn, endpoint, pause, post, type Answer } from './api.ts';
import { askedIn, type Asked } from './asked.ts';
import { currentTab } from './current-tab.ts';
import { startStream, stopStream, streamOf } from './live/stream.ts';
import { noteSchemaAnswer } from './notice.ts';
import { costIn, noteRun } from './runs.ts';
import { fillEachRun, fillExamples, missingIn } from './saved/examples.ts';

const UNREACHABLE_WAIT_MS = 3_000;

interface Wanted extends Asked {
  query: string;
  variables: Record<string, unknown>;
}

/** What people run: over HTTP, with the time it takes, or over a socket, with its events listed beside the tabs. */
export const fetcher: Fetcher = async (params, options) => {
  const headers = (options?.headers ?? {}) as Record<string, string>;
  const { query } = params;
  if (params.operationName === 'IntrospectionQuery') return readSchema(params, headers);

  const tab = currentTab.get();
  const { operationName, kind } = askedIn(query, params.operationName);
  const running = streamOf(tab);
  if (kind === 'subscription' && running !== undefined)
    return cancellable(async () => stopStream(running.id));
  return cancellable(async (signal) => {
    const given = (params.variables ?? {}) as Record<string, unknown>;
    // What was opened before anybody was signed in may be found by now.
    const variables = fillEachRun(await fillExamples(given, ask)) as Record<string, unknown>;
    if (signal.aborted) return undefined;
    const missing = missingIn(variables);
    if (missing !== null) return refusal(missing);
    if (kind !== 'subscription') return run(tab, { query, operationName, kind, variables }, headers, signal);
    noteRun(tab, null);
    startStream(tab, endpoint.replace(/^http/, 'ws'), { query, operationName, variables }, headers);
    return undefined;
  });
};

/** Without it there are no docs, no completion and no builder: so it is asked for until it is had or refused. */
async function readSchema(params: object, headers: Record<string, string>): Promise<object> {
  for (;;) {
    let wait = UNREACHABLE_WAIT_MS;
    try {
      const { answer } = await post(params, headers);
      noteSchemaAnswer(answer);
      const again = askAgainIn(answer);
      if (again === null) return answer;
      wait = again;
    } catch (err) {
      noteSchemaAnswer(refusal(wordsOf(err)));
    }
    await pause(wait);
  }
}

async function run(
  tab: string,
  { query, operationName, kind, variables }: Wanted,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<object | undefined> {
  noteRun(tab, null);
  const began = performance.now();
  const since = () => performance.now() - began;
  try {
    const { status, bytes, answer } = await post({ query, operationName, variables }, headers, signal);
    noteRun(tab, { status, bytes, ms: since(), cost: costIn(answer) });
    // It may have signed somebody in or out, or changed how they are called.
    if (kind === 'mutation') void lookWhoIsSignedIn();
    return answer;
  } catch (err) {
    if (signal.aborted) return undefined;
    noteRun(tab, { status: null, bytes: 0, ms: since(), cost: null });
    return refusal(wordsOf(err));
  }
}

const wordsOf = (err: unknown): string => (err instanceof Error ? err.message : 'That did not work.');

/** In the form of an answer, as GraphiQL would write an error with the stack of this page. */
const refusal = (message: string): Answer<object> => ({ errors: [{ message }] });

/**
 * As GraphiQL can stop it: of a promise it would show what comes in whatever tab is there by then. With nothing to show
 * it only ends.
 */
const cancellable = (
  work: (signal: AbortSignal) => Promise<object | undefined | void>,
): Observable<object> => ({
  subscribe: (observer) => {
    const { next, complete } = typeof observer === 'object' ? observer : NOBODY;
    const stopped = new AbortController();
    void (async () => {
      const result = await work(stopped.signal);
      if (stopped.signal.aborted) return;
      if (result) next(result);
      complete();
    })();
    return { unsubscribe: () => stopped.abort() };
  },
});

/** Observers may be functions as well; GraphiQL's are not. */
const NOBODY = { next: () => undefined, complete: () => undefined };
