import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../tests/until.ts';

/** A mail as whoever gets it reads it. */
export interface ReadMail {
  to: string;
  subject: string;
  text: string;
}

/** All mails in the folder, oldest first. None when there is no folder yet. */
export function mailsIn(folder: string): ReadMail[] {
  const files = (() => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  })();
  return files
    .filter((file) => file.endsWith('.txt'))
    .toSorted()
    .map((file) => {
      const whole = readFileSync(join(folder, file), 'utf8');
      const [, to = '', subject = '', text = ''] =
        /^To: (.*)\nDate: .*\nSubject: (.*)\n\n([^]*)$/.exec(whole) ?? [];
      return { to, subject, text };
    });
}

/** The newest mail to somebody, once there are `count`. */
export const mailTo = (folder: string, to: string, count = 1): Promise<ReadMail> =>
  until(`${to} has ${count} mails`, () => {
    const mails = mailsIn(folder).filter((mail) => mail.to === to);
    return mails.length >= count && mails.at(-1);
  });

/** The token in the link of a mail; empty when it has none. */
export const tokenIn = ({ text }: ReadMail): string => /\?token=([\w-]{43})$/m.exec(text)?.[1] ?? '';
