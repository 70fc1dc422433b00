import { CombinedGraphQLErrors } from '@apollo/client/errors';

/** A sentence for why something could not be saved. A refusal among a payload's `errors` brings its own. */
export function whyNot(error: unknown): string {
  if (!navigator.onLine) return 'You are offline.';
  const extensions = CombinedGraphQLErrors.is(error) ? error.errors[0]?.extensions : undefined;
  switch (extensions?.['code']) {
    case 'RATE_LIMITED': {
      const waitMs = Number(extensions['retryAfterMs']);
      return Number.isFinite(waitMs)
        ? `You are quick. Wait ${Math.ceil(waitMs / 1000)} seconds.`
        : 'You are quick. Wait a little.';
    }
    case 'UNAUTHENTICATED':
      return 'Your session has ended. Sign in again.';
    default:
      return 'It is us, not you.';
  }
}

/** The same, said of `what`: `Like not saved: you are offline.` */
export function whyNotSaved(what: string, error: unknown): string {
  const why = whyNot(error);
  return `${what} not saved: ${why.charAt(0).toLowerCase()}${why.slice(1)}`;
}
