'use client';

import { createContext, use, useState, type ReactNode } from 'react';
import type { TweetCardFragment } from '../graphql.generated/graphql.ts';
import { Composer } from './composer.tsx';
import { Dialog } from './dialog.tsx';
import { Face } from './face.tsx';
import { useToast } from './toasts.tsx';
import { TweetText } from './tweet-text.tsx';
import { useViewer } from './viewer.tsx';

/** What is being written: a new tweet, or a reply to this one. */
type Writing = { inReplyTo: TweetCardFragment | null };

const ComposeContext = createContext<(inReplyTo: TweetCardFragment | null) => void>(() => undefined);

/** @returns what opens the composer in a dialog, for a new tweet or for a reply. */
export const useCompose = () => use(ComposeContext);

export function Compose({ children }: { children: ReactNode }) {
  const [writing, setWriting] = useState<Writing | null>(null);
  const viewer = useViewer();
  const toast = useToast();
  const open = (inReplyTo: TweetCardFragment | null) => setWriting({ inReplyTo });
  return (
    <ComposeContext value={open}>
      {children}
      {writing && viewer && (
        <Dialog title={writing.inReplyTo === null ? 'New tweet' : 'Reply'} onClose={() => setWriting(null)}>
          {writing.inReplyTo && <Answered tweet={writing.inReplyTo} />}
          <Composer
            viewer={viewer}
            inReplyTo={writing.inReplyTo}
            autoFocus
            onSent={() => setWriting(null)}
            onFailed={(why) =>
              toast({
                text: `Not sent. It is kept. ${why}`,
                failed: true,
                action: { label: 'Open', run: () => setWriting(writing) },
              })
            }
          />
        </Dialog>
      )}
    </ComposeContext>
  );
}

/** The words that a reply is to. */
const Answered = ({ tweet }: { tweet: TweetCardFragment }) => (
  <div className="answered">
    <Face user={tweet.author} />
    <div>
      <div className="who">
        <b>{tweet.author?.displayName ?? 'Somebody'}</b>
        {tweet.author && <span className="handle">@{tweet.author.username}</span>}
      </div>
      <TweetText text={tweet.text} entities={tweet.entities} />
    </div>
  </div>
);
