import type { Id } from '../../platform/ids.ts';
import type { ValidationConstraint, ValidationRefusal } from '../errors.ts';
import { checkUsername, namesLike, refuseUsername, writtenName, type NameFault } from './username.ts';
import type { UsernameStore } from './username-store.ts';

export interface UsernameTaken {
  __typename: 'UsernameTakenError';
  code: 'CONFLICT';
  message: string;
  field: string[];
  suggestions: string[];
}

export interface Availability {
  username: string;
  isAvailable: boolean;
  constraint: ValidationConstraint | null;
  suggestions: string[];
}

export type UsernameRefusal = UsernameTaken | ValidationRefusal;

/** Whether a name can be had, and what to say when it cannot. */
export interface Usernames {
  availability(typed: string, ownerId: Id | null): Promise<Availability>;
  /** Why a name cannot be had; null when it can. @param username well-formed. */
  refusal(username: string, ownerId: Id | null): Promise<UsernameRefusal | null>;
  /** For a name that somebody was a moment faster to take. */
  lost(username: string, ownerId: Id | null): Promise<UsernameRefusal>;
}

const SUGGESTIONS = 3;

export function createUsernames(store: UsernameStore): Usernames {
  const suggest = async (typed: string): Promise<string[]> => {
    const candidates = namesLike(typed).filter((name) => 'value' in checkUsername(name));
    const faults = await store.judge(candidates, null);
    return candidates.filter((_, at) => faults[at] === null).slice(0, SUGGESTIONS);
  };

  const refuse = async (username: string, fault: NameFault): Promise<UsernameRefusal> => {
    const { error } = refuseUsername(fault);
    if (fault !== 'TAKEN') return error;
    const { message } = error;
    const suggestions = await suggest(username);
    return { __typename: 'UsernameTakenError', code: 'CONFLICT', message, field: ['username'], suggestions };
  };

  const refusal: Usernames['refusal'] = async (username, ownerId) => {
    const [fault] = await store.judge([username], ownerId);
    return fault == null ? null : await refuse(username, fault);
  };

  return {
    availability: async (typed, ownerId) => {
      const written = writtenName(typed);
      const checked = checkUsername(written);
      const constraint =
        'error' in checked
          ? checked.error.constraint
          : ((await store.judge([checked.value], ownerId))[0] ?? null);
      return {
        username: written,
        isAvailable: constraint === null,
        constraint,
        suggestions: constraint === null ? [] : await suggest(written),
      };
    },
    refusal,
    lost: async (username, ownerId) =>
      (await refusal(username, ownerId)) ?? (await refuse(username, 'TAKEN')),
  };
}
