'use client';

import { LogIn } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { ComposeButton } from '../compose-button.tsx';
import { useViewer } from '../viewer.tsx';
import { AccountMenu } from './account-menu.tsx';
import { usePlaces } from './places.ts';

const item =
  'group relative grid place-items-center text-ink-2 aria-[current]:text-ink focus-visible:-outline-offset-2';

/** The navigation of a telephone. In a thread its reply row is where the compose button would be. */
export function BottomBar() {
  const places = usePlaces();
  const viewer = useViewer();
  const inThread = usePathname().startsWith('/tweets/');
  return (
    <>
      {viewer !== null && !inThread && <ComposeButton place="floating" />}
      <nav
        aria-label="Main, bottom"
        className="fixed inset-x-0 bottom-0 z-30 box-content grid h-14 auto-cols-fr grid-flow-col border-t border-line bg-canvas pb-[env(safe-area-inset-bottom)] rail:hidden"
      >
        {places.map(({ href, label, icon: Icon, current }) => (
          <Link
            key={href}
            href={href}
            aria-label={label}
            className={item}
            {...(current && { 'aria-current': 'page' })}
          >
            <Icon
              className="size-6 group-aria-[current]:-translate-y-0.5"
              strokeWidth={current ? 2.1 : 1.75}
              aria-hidden="true"
            />
            {current && <span className="perch bottom-2.5 left-1/2 w-[26px] -translate-x-1/2" />}
          </Link>
        ))}
        {viewer === null ? (
          <Link href="/sign-in" aria-label="Sign in" className={item}>
            <LogIn className="size-6" strokeWidth={1.75} aria-hidden="true" />
          </Link>
        ) : (
          <AccountMenu inBar />
        )}
      </nav>
    </>
  );
}
