import type { Logger } from 'pino';
import { keepTrying, loudness, pause, pauseAfter } from '../../platform/messaging/keep-trying.ts';
import type { Mail, MailStore } from './mail-store.ts';
import type { Letter } from './mails.ts';
import { CONNECTIONS, isRefusedForGood, type MailTransport } from './mail-transport.ts';

/** How soon after the commit a mail leaves, at the latest, when nothing is in its way. */
const POLL_INTERVAL_MS = 500;
/** Between two tries of one mail, doubled with each. */
const RETRY = { firstPauseMs: 5_000, longestPauseMs: 30 * 60 * 1000 };
/** What could not be sent for so long is of no use any more. */
const GIVEN_UP_AFTER_MS = 24 * 60 * 60 * 1000;

interface MailSendingParts {
  mails: MailStore;
  /** Null when there is nothing to send. */
  write: (mail: Mail) => Promise<{ to: string; letter: Letter } | null>;
  transport: MailTransport;
  log: Logger;
}

/**
 * Sends what waits, until it is stopped. Each mail is sent at least once: a worker that dies between sending one and
 * saying so leaves it to be sent again, under the same name, with a link that replaces the one before.
 */
export function startMailSending({ mails, write, transport, log }: MailSendingParts) {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function send(mail: Mail): Promise<void> {
    const { id, kind, attempts, createdAt } = mail;
    const written = await write(mail);
    if (written !== null) {
      try {
        await transport.send({ name: `${kind}-${id}`, date: createdAt, to: written.to, ...written.letter });
      } catch (err) {
        // What servers say names the address that they refuse.
        const { code, responseCode } = err as { code?: unknown; responseCode?: unknown };
        const isOver = isRefusedForGood(err) || Date.now() - createdAt.getTime() > GIVEN_UP_AFTER_MS;
        log[isOver ? 'error' : loudness(attempts)](
          { mailId: id, kind, attempts, code, responseCode },
          'mail not sent',
        );
        if (!isOver) return await mails.postpone(id, pauseAfter(attempts, RETRY));
      }
    }
    await mails.remove(id);
  }

  const running = keepTrying(
    async () => {
      while (!signal.aborted) {
        // None waits for a connection while its time runs.
        const taken = await mails.take(CONNECTIONS);
        await Promise.all(taken.map(send));
        if (taken.length === 0) await pause(POLL_INTERVAL_MS, signal);
      }
    },
    { signal, firstPauseMs: POLL_INTERVAL_MS, longestPauseMs: 30_000 },
    (err, failures) => log[loudness(failures)]({ err }, 'mails wait'),
  );
  return {
    stop: async () => {
      stopping.abort();
      await running;
      transport.close();
    },
  };
}
