import { createHash } from 'node:crypto';
import type { Id } from '../../platform/ids.ts';
import { networkOf, ratesOf } from '../../platform/network-of.ts';
import type { Rate, RateLimiter } from '../../platform/rate-limiter.ts';
import { tooOften, type RateLimitedRefusal } from '../errors.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Before `RATE_LIMIT_SCALE`. A school or an office is one address, and so is half a country behind its carrier. What is
 * from an address counts for its /48, too, with IPv6: see `ratesOf`.
 */
const SIGN_UPS: Rate = { name: 'sign-up-from-address', count: 30, perSeconds: HOUR };
const REFRESHES: Rate = { name: 'refresh-from-address', count: 3000, perSeconds: HOUR };
/** Each takes a thread for a while: who knows one that is right must not have all of them. */
const PASSWORDS_TRIED: Rate = { name: 'password-from-address', count: 1000, perSeconds: HOUR };
/** Wrong passwords. Those of one account from one address; from all addresses; those of all accounts from one address. */
const WRONG_HERE: Rate = { name: 'wrong-password-here', count: 10, perSeconds: 15 * MINUTE };
const WRONG_ANYWHERE: Rate = { name: 'wrong-password-anywhere', count: 200, perSeconds: HOUR };
const WRONG_FROM_ADDRESS: Rate = { name: 'wrong-password-from-address', count: 100, perSeconds: HOUR };
const LINKS_TRIED: Rate = { name: 'link-from-address', count: 100, perSeconds: HOUR };
const RESETS_ASKED: Rate = { name: 'reset-asked', count: 5, perSeconds: HOUR };
const RESETS_FROM_ADDRESS: Rate = { name: 'reset-asked-from-address', count: 30, perSeconds: HOUR };
const VERIFICATIONS_ASKED: Rate = { name: 'verification-asked', count: 5, perSeconds: HOUR };
const EMAIL_CHANGES: Rate = { name: 'email-change', count: 10, perSeconds: DAY };
/** Each keeps a name from others for a month. */
const USERNAME_CHANGES: Rate = { name: 'username-change', count: 10, perSeconds: 7 * DAY };
const PROFILE_CHANGES: Rate = { name: 'profile-change', count: 200, perSeconds: HOUR };
/** Each of these is told to all followers, and to those of whoever retweeted. */
const PROTECTION_CHANGES: Rate = { name: 'protection-change', count: 20, perSeconds: HOUR };
const DEACTIVATIONS: Rate = { name: 'deactivation', count: 10, perSeconds: DAY };
const MAILS: Rate = { name: 'mail-to', count: 15, perSeconds: HOUR };

type Verdict = Promise<RateLimitedRefusal | null>;

/** How often things may be done. Each answers null, having counted a use, or why not. */
export interface Limits {
  signUp(address: string): Verdict;
  refresh(address: string): Verdict;
  /**
   * Counts before the password is compared, so that guessing many at once, by aliases or requests, is no way around.
   * `right` takes it back: only wrong ones count, but for what an address may try in all.
   */
  tryPassword(tried: TriedPassword): Promise<{ refused: RateLimitedRefusal | null; right(): Promise<void> }>;
  tryLink(address: string): Verdict;
  askReset(login: string, address: string): Verdict;
  askVerification(userId: Id): Verdict;
  changeEmail(userId: Id): Verdict;
  changeUsername(userId: Id): Verdict;
  changeProfile(userId: Id): Verdict;
  changeProtection(userId: Id): Verdict;
  deactivate(userId: Id): Verdict;
  /** False when somebody has got too many mails of late, whoever had them sent. */
  mailTo(recipient: string): Promise<boolean>;
}

export interface TriedPassword {
  /** What names the account, as it was typed: an unknown one is counted like any other. */
  login: string;
  address: string;
  /** The account is signed in at this address: strangers who guess elsewhere don't lock it out. */
  isTrusted: boolean;
}

export function createLimits(limiter: RateLimiter): Limits {
  const use = async (rate: Rate, key: string): Verdict => {
    const { isAllowed, resetMs } = await limiter.use(rate, key);
    return isAllowed ? null : tooOften(resetMs);
  };

  /** Counts a use of each. */
  const useAll = async (rates: readonly [Rate, string][]): Verdict => {
    const verdicts = await Promise.all(rates.map(([rate, key]) => use(rate, key)));
    return verdicts.find((verdict) => verdict !== null) ?? null;
  };
  const useFrom = (address: string, rate: Rate): Verdict => useAll(ratesOf(rate, address));

  return {
    signUp: (address) => useFrom(address, SIGN_UPS),
    refresh: (address) => useFrom(address, REFRESHES),
    tryPassword: async ({ login, address, isTrusted }) => {
      const account = digest(login);
      const fromAddress = ratesOf(WRONG_FROM_ADDRESS, address);
      const ofAccount: [Rate, string][] = [
        [WRONG_HERE, `${account}:${networkOf(address)}`],
        ...(isTrusted ? [] : ([[WRONG_ANYWHERE, account]] as [Rate, string][])),
      ];
      const right = async () => {
        const wrong = [...fromAddress, ...ofAccount];
        await Promise.all(wrong.map(([rate, key]) => limiter.giveBack(rate, key)));
      };
      // An address that may try no more must not have a count begun for every login that it makes up.
      const tired = await useAll([...ratesOf(PASSWORDS_TRIED, address), ...fromAddress]);
      if (tired !== null) return { refused: tired, right };
      const refused = await useAll(ofAccount);
      // Who is refused for tries of their own must not use up the account's allowance for everybody.
      if (refused !== null && !isTrusted) await limiter.giveBack(WRONG_ANYWHERE, account);
      return { refused, right };
    },
    tryLink: (address) => useFrom(address, LINKS_TRIED),
    askReset: async (login, address) =>
      (await useFrom(address, RESETS_FROM_ADDRESS)) ?? (await use(RESETS_ASKED, digest(login))),
    askVerification: (userId) => use(VERIFICATIONS_ASKED, userId),
    changeEmail: (userId) => use(EMAIL_CHANGES, userId),
    changeUsername: (userId) => use(USERNAME_CHANGES, userId),
    changeProfile: (userId) => use(PROFILE_CHANGES, userId),
    changeProtection: (userId) => use(PROTECTION_CHANGES, userId),
    deactivate: (userId) => use(DEACTIVATIONS, userId),
    mailTo: async (recipient) => (await use(MAILS, digest(recipient.toLowerCase()))) === null,
  };
}

/** Keys of Redis hold no address of anybody, and are short whatever was typed. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);
