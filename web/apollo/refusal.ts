import { CombinedGraphQLErrors } from '@apollo/client/errors';

/**
 * A sentence for why something was not saved, said of `what`, as in `Like`. For errors only: a refusal among a
 * payload's `errors` brings its own sentence.
 */
export function whyNotSaved(what: string, error: unknown): string {
  if (!navigator.onLine) return `${what} not saved: you are offline.`;
  const extensions = CombinedGraphQLErrors.is(error) ? error.errors[0]?.extensions : undefined;
  switch (extensions?.['code']) {
    case 'RATE_LIMITED': {
      const waitMs = Number(extensions['retryAfterMs']);
      return Number.isFinite(waitMs)
        ? `You are quick. Wait ${Math.ceil(waitMs / 1000)} seconds.`
        : 'You are quick. Wait a little.';
    }
    case 'UNAUTHENTICATED':
      return `${what} not saved: your session has ended. Sign in again.`;
    default:
      return `${what} not saved. It is us, not you.`;
  }
}
