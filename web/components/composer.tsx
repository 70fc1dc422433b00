'use client';

import { CircleAlert } from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';
import { usePost, type Draft } from '../apollo/optimistic.ts';
import { CounterRing } from './counter-ring.tsx';
import { useDraft } from './draft.ts';
import { Face } from './face.tsx';
import type { Viewer } from './viewer.tsx';
import { LIMIT, weightedLength } from './weighted-length.ts';

export interface ComposerProps {
  viewer: Viewer;
  inReplyTo?: Draft['inReplyTo'];
  /** Takes the focus as it appears. */
  autoFocus?: boolean;
  /** The tweet left, and shows already where it will stand. */
  onSent?: () => void;
  /** It came back. `why` is a sentence. */
  onFailed?: (why: string) => void;
}

/** Where a tweet or a reply is written. What is written stays, also through a reload, until it is posted. */
export function Composer({ viewer, inReplyTo = null, autoFocus = false, onSent, onFailed }: ComposerProps) {
  const { draft, write, take, sent, putBack } = useDraft(draftName(viewer, inReplyTo));
  const [failure, setFailure] = useState<string | null>(null);
  const post = usePost();
  const failureId = useId();
  const length = weightedLength(draft.text);
  const canPost = draft.text.trim() !== '' && length <= LIMIT;

  async function send() {
    if (!canPost) return;
    setFailure(null);
    take();
    onSent?.();
    const why = await post(viewer, { ...draft, inReplyTo });
    if (why === null) {
      sent(draft);
    } else {
      putBack(draft);
      setFailure(why);
      onFailed?.(why);
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
    }
  }

  const verb = inReplyTo === null ? 'Post' : 'Reply';
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div className="compose">
        <Face user={viewer.user} />
        <textarea
          className="area"
          aria-label={inReplyTo === null ? 'Tweet text' : 'Reply text'}
          placeholder={inReplyTo === null ? 'What did you notice?' : 'Add to this'}
          value={draft.text}
          rows={2}
          // Whoever opened it is about to write.
          autoFocus={autoFocus}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          {...(failure !== null && { 'aria-describedby': failureId })}
        />
      </div>
      <div className="bar">
        {failure !== null && (
          <p className="note" id={failureId} role="alert">
            <CircleAlert strokeWidth={1.75} aria-hidden="true" />
            <span>Not sent. It is kept here. {failure}</span>
          </p>
        )}
        <div className="end">
          <CounterRing length={length} />
          <button type="submit" className="btn btn-glow" disabled={!canPost}>
            {verb}
          </button>
        </div>
      </div>
    </form>
  );
}

/** Which draft is whose: one for new tweets, one per tweet answered. */
export const draftName = (viewer: Viewer, inReplyTo: Draft['inReplyTo']): string =>
  `${viewer.id}:${inReplyTo?.id ?? 'new'}`;
