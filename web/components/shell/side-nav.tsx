'use client';

import { Braces, LogIn } from 'lucide-react';
import Link from 'next/link';
import { ComposeButton } from '../compose-button.tsx';
import { Mark } from '../mark.tsx';
import { useViewer } from '../viewer.tsx';
import { AccountMenu } from './account-menu.tsx';
import { usePlaces } from './places.ts';

const item =
  'group relative flex h-11 items-center gap-4 rounded-md px-[17px] text-field text-ink-2 hover:bg-wash hover:text-ink aria-[current]:font-semibold aria-[current]:text-ink wide:pr-3.5 wide:pl-3';

/** Left: labels on a wide screen, icons on a narrower one, nothing where the bottom bar is. */
export function SideNav() {
  const places = usePlaces();
  const viewer = useViewer();
  return (
    <header className="sticky top-0 hidden h-dvh flex-col pt-2 pb-3 rail:flex">
      <Link
        href="/"
        aria-label="Roost"
        className="flex h-11 w-max items-center gap-2.5 rounded-md px-[11px] text-xl font-[650] tracking-[-0.03em] wide:px-2.5"
      >
        <Mark className="h-7 w-[34px]" />
        <span className="hidden wide:inline">Roost</span>
      </Link>
      <nav aria-label="Main" className="mt-1.5 grid gap-0.5">
        {places.map(({ href, label, icon: Icon, current }) => (
          <Link key={href} href={href} className={item} {...(current && { 'aria-current': 'page' })}>
            <Icon
              className="size-[22px] flex-none group-aria-[current]:-translate-y-0.5"
              strokeWidth={current ? 2.1 : 1.75}
              aria-hidden="true"
            />
            <span className="sr-only wide:not-sr-only">{label}</span>
            {current && <span className="perch bottom-1.5 left-4 w-6 wide:left-[11px]" />}
          </Link>
        ))}
        {/* Another program of this origin, and no page of ours. */}
        <a href="/graphql" className={item}>
          <Braces className="size-[22px] flex-none" strokeWidth={1.75} aria-hidden="true" />
          <span className="sr-only wide:not-sr-only">Playground</span>
        </a>
      </nav>
      {viewer === null ? (
        <Link href="/sign-in" className="btn btn-ink mt-3.5 size-14 p-0 wide:h-11 wide:w-full">
          <LogIn className="size-5 wide:hidden" strokeWidth={1.75} aria-hidden="true" />
          <span className="sr-only wide:not-sr-only">Sign in</span>
        </Link>
      ) : (
        <ComposeButton place="side" />
      )}
      <AccountMenu />
    </header>
  );
}
