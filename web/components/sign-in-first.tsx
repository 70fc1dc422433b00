'use client';

import Link from 'next/link';
import { createContext, use, useCallback, useState, type ReactNode } from 'react';
import { Question } from './dialog.tsx';
import { useViewer } from './viewer.tsx';

const AskContext = createContext<(what: string) => void>(() => undefined);

/**
 * @returns a guard: true when somebody is signed in; or else false, and a dialog asks to sign in to do `what`, as in
 * `like this`, and leads back to this page.
 */
export function useSignedIn(): (what: string) => boolean {
  const viewer = useViewer();
  const ask = use(AskContext);
  return (what) => {
    if (viewer === null) ask(what);
    return viewer !== null;
  };
}

export function SignInFirst({ children }: { children: ReactNode }) {
  const [what, setWhat] = useState<string | null>(null);
  const close = useCallback(() => setWhat(null), []);
  const back = typeof location === 'undefined' ? '/' : location.pathname + location.search;
  const then = `?next=${encodeURIComponent(back)}`;
  return (
    <AskContext value={setWhat}>
      {children}
      {what !== null && (
        <Question title={`Sign in to ${what}`} text="You come back to this page afterwards." onClose={close}>
          <Link href={`/sign-in${then}`} className="btn btn-glow btn-l">
            Sign in
          </Link>
          <Link href={`/sign-up${then}`} className="btn btn-line btn-l">
            Make an account
          </Link>
        </Question>
      )}
    </AskContext>
  );
}
