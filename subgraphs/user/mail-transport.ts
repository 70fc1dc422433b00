import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import type { Letter } from './mails.ts';

/** A letter on its way. */
export interface Posted extends Letter {
  /** The same when it is sent again. */
  name: string;
  date: Date;
  /** One address. */
  to: string;
}

export interface MailTransport {
  /** Rejects when it did not leave. */
  send(mail: Posted): Promise<void>;
  close(): void;
}

/** Whether it makes no sense to try again: the server will have none of it (RFC 5321, 4.2.1). */
export const isRefusedForGood = (err: unknown): boolean => {
  const { code, responseCode } = err as { code?: unknown; responseCode?: unknown };
  return code === 'EENVELOPE' && typeof responseCode === 'number' && responseCode >= 500;
};

/** How many leave at once. */
export const CONNECTIONS = 2;

/** Long enough for a server that greets late on purpose. */
const TIMEOUTS = { connectionTimeout: 20_000, greetingTimeout: 20_000, socketTimeout: 40_000 };
/** All answers together, each of which comes in time. Shorter than a mail is in hand. */
const WITHIN_MS = 90_000;

/**
 * By SMTP. @param url `smtp://` or `smtps://`, with name and password where the server wants them.
 * @param from `Roost <roost@example.org>`. Its host names the mails, too.
 */
export function createSmtpTransport(url: string, from: string): MailTransport {
  const transporter = nodemailer.createTransport({
    url,
    pool: true,
    maxConnections: CONNECTIONS,
    ...TIMEOUTS,
  });
  const host = /@([^@>\s]+)>?\s*$/.exec(from)?.[1] ?? 'roost';
  return {
    send: async ({ name, date, to, subject, text }) => {
      await transporter.sendMail({
        messageId: `<${name}.${date.getTime()}@${host}>`,
        date,
        from,
        // As it stands: written as text, an address with a comma would be two.
        to: { name: '', address: to },
        subject,
        text,
        headers: { 'auto-submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
        signal: AbortSignal.timeout(WITHIN_MS),
      });
    },
    close: () => transporter.close(),
  };
}

/** Into a folder, a file each, for people who have no mail server: what would be sent is there to be read. */
export function createFolderTransport(folder: string): MailTransport {
  return {
    send: async ({ name, date, to, subject, text }) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = join(folder, `${date.toISOString().replaceAll(/[:.]/g, '-')}-${name}.txt`);
      const whole = `To: ${to}\nDate: ${date.toUTCString()}\nSubject: ${subject}\n\n${text}`;
      // Links let people in: they are for whoever started this, and are never seen half-written.
      await writeFile(`${file}.new`, whole, { mode: 0o600 });
      await rename(`${file}.new`, file);
    },
    close: () => undefined,
  };
}
