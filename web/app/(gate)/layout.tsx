import Link from 'next/link';
import type { ReactNode } from 'react';
import { Evening } from '../../components/gate/evening.tsx';
import { Mark } from '../../components/mark.tsx';

/** Where one comes in: the evening, always dark, and a form. */
export default function GateLayout({ children }: { children: ReactNode }) {
  return (
    <div className="grid min-h-dvh aside:grid-cols-[minmax(0,1fr)_minmax(0,560px)]">
      <header
        data-theme="dark"
        className="relative hidden flex-col overflow-hidden bg-raised px-14 pt-8 text-ink aside:flex"
      >
        <Link
          href="/"
          className="-ml-2.5 flex h-11 w-max items-center gap-2.5 rounded-md px-2.5 text-xl font-[650] tracking-[-0.03em]"
        >
          <Mark className="h-7 w-[34px]" />
          Roost
        </Link>
        <p className="mt-auto max-w-[11ch] text-[56px] leading-[58px] font-semibold tracking-[-0.042em]">
          A place for words to land.
        </p>
        <p className="mt-[18px] mb-auto max-w-[40ch] text-[17px] leading-[26px] text-ink-2">
          Short posts from people you chose, newest first. Nothing added, nothing held back.
        </p>
        <Evening className="-mx-14 h-80 flex-none" />
      </header>
      <main
        id="main"
        className="grid grid-cols-[minmax(0,376px)] content-start justify-center px-5 py-6 rail:content-center rail:p-8"
      >
        <div>
          <Link href="/" aria-label="Roost" className="mb-6 block w-max rounded-md aside:hidden">
            <Mark className="size-11" />
          </Link>
          {children}
        </div>
      </main>
    </div>
  );
}
