/** What a link in a mail is for; its page is called the same. */
export type LinkPurpose = 'verify-email' | 'reset-password';

export const LINK_MINUTES: Record<LinkPurpose, number> = { 'verify-email': 24 * 60, 'reset-password': 60 };

export interface Letter {
  subject: string;
  /** Plain text: nothing in it can be markup. */
  text: string;
}

/** Mails by what they tell. A name is a username, which has no characters that could mean anything else. */
export const letters = {
  verifyEmail: (name: string, link: string): Letter =>
    letter('Verify your address', [
      `This address was given for @${name} on Roost. If that was you, open this link to verify it:`,
      link,
      'It works once, within 24 hours. From then on you can sign in with the address, too.',
      'If it was not you, do nothing: the address stays unverified, and is of no use to anybody.',
    ]),
  addressInUse: (name: string, holder: string, publicUrl: string): Letter =>
    letter('You have an account already', [
      `Somebody gave this address for a new account, @${name}. It is the verified address of @${holder}.`,
      `If that was you: sign in as @${holder}, or set a new password if you forgot yours:`,
      `${publicUrl}/reset-password`,
      'If it was not you, do nothing: your account is as it was, and they did not learn that you have one.',
    ]),
  resetPassword: (name: string, link: string): Letter =>
    letter('Set a new password', [
      `Somebody asked for a new password for @${name} on Roost. If that was you, open this link:`,
      link,
      'It works once, within an hour, and ends all sessions of the account.',
      'If it was not you, do nothing: the password stays as it is.',
    ]),
  passwordChanged: (name: string, publicUrl: string): Letter =>
    letter('Your password was changed', [
      `The password of @${name} was changed just now, and other sessions ended.`,
      'If that was not you, somebody else has got in. Take the account back:',
      `${publicUrl}/reset-password`,
    ]),
  emailChanged: (name: string | null): Letter =>
    letter('Your address was changed', [
      `${name === null ? 'An account of yours on Roost' : `@${name} on Roost`} has another address now; this one is no longer in use.`,
      'If that was not you, somebody knows your password. Sign in with the username and change both.',
    ]),
  deactivated: (name: string, days: number, publicUrl: string): Letter =>
    letter('Your account is deactivated', [
      `@${name} is hidden now, with all that it wrote. Sign in within ${days} days, and all of it is back:`,
      `${publicUrl}/sign-in`,
      'After that it is deleted.',
    ]),
  deleted: (): Letter =>
    letter('Your account is deleted', [
      'Your account on Roost is gone, and what it wrote is being erased. There is nothing left to do.',
    ]),
};

const letter = (subject: string, paragraphs: string[]): Letter => ({
  subject,
  text: `${paragraphs.join('\n\n')}\n\n-- \nRoost\n`,
});

export const linkTo = (publicUrl: string, purpose: LinkPurpose, token: string): string =>
  `${publicUrl}/${purpose}?token=${token}`;
