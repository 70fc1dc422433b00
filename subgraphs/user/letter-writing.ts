import { emailClaim, RECOVERY_DAYS } from './account.ts';
import type { AccountStore } from './account-store.ts';
import type { Limits } from './limits.ts';
import type { LinkStore } from './link-store.ts';
import { letters, linkTo, type Letter, type LinkPurpose } from './mails.ts';
import type { Mail } from './mail-store.ts';
import { newSecret, hashOf } from './session.ts';

export interface LetterParts {
  accounts: Pick<AccountStore, 'byId' | 'byLogin'>;
  links: Pick<LinkStore, 'issue' | 'verifiedBy'>;
  limits: Pick<Limits, 'mailTo'>;
  /** Of the web client, without a slash at its end. */
  publicUrl: string;
}

/**
 * Words a mail that is about to be sent. Null when there is nothing to send: there is no such account, or its address is
 * verified already. What nobody has verified may be anybody's: it gets no news of the account, and few mails at all,
 * so that nobody can be pestered with them. Those few take nothing from whoever has verified it. Run again, it makes a new link, and the one before is
 * worthless.
 */
export function createLetterWriting({ accounts, links, limits, publicUrl }: LetterParts) {
  const newLink = async (purpose: LinkPurpose, to: { userId: string; email: string }) => {
    const token = newSecret();
    const hash = hashOf(token);
    if (hash !== null) await links.issue(purpose, to, hash);
    return linkTo(publicUrl, purpose, token);
  };

  return async (mail: Mail): Promise<{ to: string; letter: Letter } | null> => {
    const account = await (mail.userId === null
      ? mail.login === null
        ? null
        : accounts.byLogin(mail.login, '')
      : accounts.byId(mail.userId, ''));
    const to = mail.recipient ?? account?.email;
    if (to === undefined) return null;
    if (mail.kind === 'deleted') return { to, letter: letters.deleted() };
    if (mail.kind === 'email-changed') return { to, letter: letters.emailChanged(account?.username ?? null) };
    if (account === null) return null;
    const isProven = account.emailVerifiedAt !== null;
    // One that is tried again, as the server is away, is still one mail.
    const mayWrite = async () => isProven || mail.attempts > 1 || (await limits.mailTo(to));
    switch (mail.kind) {
      case 'password-changed':
        return isProven ? { to, letter: letters.passwordChanged(account.username, publicUrl) } : null;
      case 'deactivated':
        return isProven
          ? { to, letter: letters.deactivated(account.username, RECOVERY_DAYS, publicUrl) }
          : null;
      case 'reset-password':
        if (!(await mayWrite())) return null;
        return {
          to,
          letter: letters.resetPassword(account.username, await newLink('reset-password', account)),
        };
      case 'verify-email': {
        if (isProven || !(await mayWrite())) return null;
        const holder = await links.verifiedBy(emailClaim(to));
        if (holder !== null)
          return { to, letter: letters.addressInUse(account.username, holder.username, publicUrl) };
        return { to, letter: letters.verifyEmail(account.username, await newLink('verify-email', account)) };
      }
    }
  };
}
