'use client';

import { Ellipsis, Link2, Trash2 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useRef, useState } from 'react';
import { useDelete } from '../apollo/optimistic.ts';
import type { TweetCardFragment } from '../graphql.generated/graphql.ts';
import { Question } from './dialog.tsx';
import { useShare } from './tweet-actions.tsx';

/** What else can be done with a tweet. */
export function TweetMenu({
  tweet,
  className = 'icon-btn icon-btn-s more',
  onDeleted,
}: {
  tweet: TweetCardFragment;
  className?: string;
  onDeleted?: (() => void) | undefined;
}) {
  const trigger = useRef<HTMLButtonElement>(null);
  const [asking, setAsking] = useState(false);
  const share = useShare();
  const deleteTweet = useDelete();

  function confirmed() {
    setAsking(false);
    void deleteTweet(tweet.id);
    onDeleted?.();
  }

  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger ref={trigger} className={className} aria-label="More about this tweet">
          <Ellipsis className="size-5" strokeWidth={1.75} aria-hidden="true" />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content align="end" sideOffset={4} collisionPadding={12} className="raised menu">
            <DropdownMenu.Item className="menu-item" onSelect={() => share(tweet.url)}>
              <Link2 strokeWidth={1.75} aria-hidden="true" />
              Copy link
            </DropdownMenu.Item>
            {tweet.viewerCanDelete && (
              <DropdownMenu.Item className="menu-item" data-bad onSelect={() => setAsking(true)}>
                <Trash2 strokeWidth={1.75} aria-hidden="true" />
                Delete
              </DropdownMenu.Item>
            )}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {asking && (
        <Question
          title="Delete this tweet?"
          text="It leaves every timeline at once, and does not come back. Replies to it stay."
          onClose={() => setAsking(false)}
          openedBy={trigger}
        >
          <button type="button" className="btn btn-alarm btn-l" onClick={confirmed}>
            Delete
          </button>
          <button type="button" className="btn btn-line btn-l" onClick={() => setAsking(false)}>
            Keep it
          </button>
        </Question>
      )}
    </>
  );
}
