'use client';

import { useMutation } from '@apollo/client/react';
import { ChevronsUpDown, LogOut } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { gql } from '../../graphql.generated/index.ts';
import { useViewer } from '../viewer.tsx';
import { ThemeChoice } from './theme-choice.tsx';

const SignOut = gql(`
  mutation SignOut {
    signOut {
      endedSessionId
    }
  }
`);

/** Who is signed in: the way out, and the theme. Nothing when nobody is. */
export function AccountMenu({ inBar = false }: { inBar?: boolean }) {
  const viewer = useViewer();
  const [signOut] = useMutation(SignOut);
  if (viewer === null) return null;
  const { user } = viewer;

  async function leave() {
    await signOut();
    // A fresh page: nothing that was known to this person stays in memory.
    location.assign('/');
  }

  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        aria-label={user ? `Account, ${user.displayName} @${user.username}` : 'Account'}
        className={
          inBar
            ? 'grid place-items-center focus-visible:-outline-offset-2'
            : 'mt-auto flex w-full items-center gap-2.5 rounded-md p-2 text-left hover:bg-wash wide:px-2.5'
        }
      >
        {user ? (
          <img
            src={user.avatarUrl}
            alt=""
            width={40}
            height={40}
            className={`${inBar ? 'size-7' : 'size-10'} flex-none rounded-full bg-wash`}
          />
        ) : (
          <span className="size-10 flex-none rounded-full bg-wash" />
        )}
        {!inBar && (
          <>
            <span className="hidden min-w-0 flex-1 wide:block">
              <b className="block truncate text-[14px] leading-[18px] font-semibold">{user?.displayName}</b>
              <span className="block truncate text-sm text-ink-3">@{user?.username}</span>
            </span>
            <ChevronsUpDown className="hidden size-4 text-ink-3 wide:block" aria-hidden="true" />
          </>
        )}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          side="top"
          align={inBar ? 'end' : 'start'}
          sideOffset={6}
          collisionPadding={12}
          className="raised z-40 w-56 p-1.5"
        >
          <ThemeChoice />
          <DropdownMenu.Separator className="my-1.5 h-px bg-line" />
          <DropdownMenu.Item
            onSelect={() => void leave()}
            className="flex h-10 items-center gap-3 rounded-md px-2.5 text-[14px] outline-none data-highlighted:bg-wash"
          >
            <LogOut className="size-[18px] text-ink-2" strokeWidth={1.75} aria-hidden="true" />
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
