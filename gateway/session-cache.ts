import { createHash } from 'node:crypto';
import { BoundedMap } from '../platform/bounded-map.ts';
import type { Id } from '../platform/ids.ts';
import type { Credential, LiveSession, SessionSource } from '../subgraphs/session.ts';

interface Entry {
  found: Promise<LiveSession | null>;
  /** Null while it is looked for. */
  session: LiveSession | null;
  /** Those that ended meanwhile: the answer may be from before. */
  ended: Set<Id>;
  until: number;
}

/** How long an answer stands when nobody says otherwise. A session that ends is dropped at once where we hear of it. */
const FRESH_MS = 5_000;
const SESSIONS = 10_000;

/**
 * Asks a `SessionSource` once for requests that come together or soon after another. Secrets are kept as hashes, and
 * only those that were good: made-up ones would drive the others out.
 */
export function cachedSessions(
  source: SessionSource,
  now: () => number = Date.now,
): Pick<SessionSource, 'find'> & { close(): void } {
  const entries = new BoundedMap<string, Entry>(SESSIONS);

  const close = source.onEnded((sessionId) => {
    for (const [key, { session, ended }] of entries) {
      if (session === null) ended.add(sessionId);
      else if (session.id === sessionId) entries.delete(key);
    }
  });

  function look(key: string, credential: Credential, use: { address: string }): Promise<LiveSession | null> {
    const ended = new Set<Id>();
    const found = source
      .find(credential, use)
      .then((session) => (session !== null && ended.has(session.id) ? null : session));
    const entry: Entry = { found, session: null, ended, until: now() + FRESH_MS };
    entries.set(key, entry);
    const forget = () => {
      if (entries.get(key) === entry) entries.delete(key);
    };
    entry.found.then((session) => {
      if (session === null) return forget();
      entry.session = session;
      entry.until = Math.min(entry.until, session.expiresAt.getTime());
    }, forget);
    return entry.found;
  }

  return {
    find: (credential, use) => {
      const key = createHash('sha256').update(`${credential.kind} ${credential.secret}`).digest('base64');
      const known = entries.get(key);
      return known !== undefined && known.until > now() ? known.found : look(key, credential, use);
    },
    close,
  };
}
