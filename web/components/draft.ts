'use client';

import { useCallback, useEffect, useState } from 'react';

/** What is written and not sent yet. The key names these words: sent twice, they are posted once. */
export interface Kept {
  text: string;
  idempotencyKey: string;
}

const NOTHING: Kept = { text: '', idempotencyKey: '' };

/** One draft, kept through a reload. `name` tells it from others: whose it is, and what it answers. */
export function useDraft(name: string) {
  const storageKey = keyOf(name);
  const [draft, setDraft] = useState(NOTHING);

  // The server knows of none, and the first render here must look like its.
  useEffect(() => setDraft(stored(storageKey)), [storageKey]);

  const write = useCallback(
    (text: string) => {
      // Other words are another tweet, also when the first ones were sent and their answer went missing.
      const next = text === '' ? NOTHING : { text, idempotencyKey: newKey() };
      setDraft(next);
      store(storageKey, next);
    },
    [storageKey],
  );

  /** Clears the paper. The words stay kept until `sent`, should the page go away in between. */
  const take = () => setDraft(NOTHING);

  /** Forgets words that were sent. */
  const sent = ({ idempotencyKey }: Kept) => {
    if (stored(storageKey).idempotencyKey === idempotencyKey) store(storageKey, NOTHING);
  };

  /** Puts words back that could not be sent, before those written since. */
  const putBack = (kept: Kept) => {
    // Asked of the storage: this composer may be closed by now, and another open.
    const now = stored(storageKey);
    const next =
      now.text === '' || now.idempotencyKey === kept.idempotencyKey
        ? kept
        : { text: `${kept.text}\n\n${now.text}`, idempotencyKey: newKey() };
    store(storageKey, next);
    setDraft(next);
  };

  return { draft, write, take, sent, putBack };
}

/** Whether a draft of this name waits. */
export const isKept = (name: string): boolean => stored(keyOf(name)) !== NOTHING;

const keyOf = (name: string) => `roost-draft:${name}`;

/** `crypto.randomUUID` is for pages over TLS only. */
const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

function stored(key: string): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Partial<Kept> | null;
    if (typeof kept?.text === 'string' && typeof kept.idempotencyKey === 'string')
      return { text: kept.text, idempotencyKey: kept.idempotencyKey };
  } catch {
    // Not ours, or forbidden.
  }
  return NOTHING;
}

function store(key: string, kept: Kept): void {
  try {
    if (kept.text === '') localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // Full or forbidden: it is kept as long as the page is.
  }
}
