import { ask, askAgainIn, pause, type Answer } from '../api.ts';
import { createStore } from '../store.ts';

export interface SignedIn {
  username: string;
  displayName: string;
  avatarUrl: string | null;
}

/** One of the demo people, where there are any; else null. The gateway tells by which page it serves. */
export const demoPerson =
  'demo' in document.documentElement.dataset ? { login: 'ada', password: 'roost-demo' } : null;

/** Who the cookie stands for. `unknown` where this API has nobody to sign in, or does not say. */
export const account = createStore<SignedIn | 'nobody' | 'unknown'>('unknown');

let looks = 0;
/** Which of them the account is from. */
let lastAnswered = 0;

/**
 * Not changed by an answer that fails, nor by one that a later look overtook; asks again where it was for asking too
 * often.
 */
export async function lookWhoIsSignedIn(): Promise<void> {
  const look = (looks += 1);
  const answer = await ask<{ viewer: { user: SignedIn | null } | null }>(
    '{ viewer { id user { username displayName avatarUrl(size: 48) } } }',
  ).catch((): Answer<never> => ({}));
  const { data } = answer;
  if (data != null) {
    if (look < lastAnswered) return;
    lastAnswered = look;
    return account.set(data.viewer?.user ?? 'nobody');
  }
  const wait = askAgainIn(answer);
  if (wait !== null) void pause(wait).then(lookWhoIsSignedIn);
}

/** Sets the cookie. Resolves with null, or with why not, in words for people. */
export async function signIn(login: string, password: string): Promise<string | null> {
  const { data, errors } = await ask<{
    signIn: { viewer: object | null; errors: { message: string }[] } | null;
  }>(
    `mutation SignIn($login: String!, $password: String!) {
      signIn(input: { login: $login, password: $password }) {
        viewer { id }
        errors { ... on UserError { message } }
      }
    }`,
    { login, password },
  ).catch((err: unknown): Answer<never> => ({
    errors: [{ message: err instanceof Error ? err.message : '' }],
  }));
  if (data?.signIn?.viewer == null)
    return data?.signIn?.errors[0]?.message ?? errors?.[0]?.message ?? 'That did not work.';
  await lookWhoIsSignedIn();
  return null;
}

export async function signOut(): Promise<void> {
  await ask('mutation SignOut { signOut { endedSessionId } }').catch(() => undefined);
  await lookWhoIsSignedIn();
}
