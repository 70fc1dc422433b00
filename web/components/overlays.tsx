'use client';

import type { ReactNode } from 'react';
import { Compose } from './compose.tsx';
import { SignInFirst } from './sign-in-first.tsx';
import { Toasts } from './toasts.tsx';

/** What any part of a screen may call up over it: a message, the question to sign in, the composer. */
export const Overlays = ({ children }: { children: ReactNode }) => (
  <Toasts>
    <SignInFirst>
      <Compose>{children}</Compose>
    </SignInFirst>
  </Toasts>
);
