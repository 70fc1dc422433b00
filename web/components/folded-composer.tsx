'use client';

import { useEffect, useState } from 'react';
import type { Draft } from '../apollo/optimistic.ts';
import { Composer, draftName } from './composer.tsx';
import { isKept } from './draft.ts';
import { Face } from './face.tsx';
import { useViewer } from './viewer.tsx';

/** A composer that is one row until somebody begins to write, or comes back to a draft. */
export function FoldedComposer({ inReplyTo = null }: { inReplyTo?: Draft['inReplyTo'] }) {
  const viewer = useViewer();
  const [state, setState] = useState<'folded' | 'opened' | 'found'>('folded');
  const name = viewer && draftName(viewer, inReplyTo);
  useEffect(() => {
    if (name !== null && isKept(name)) setState('found');
  }, [name]);

  if (viewer === null) return null;
  if (state !== 'folded')
    return (
      <Composer
        viewer={viewer}
        inReplyTo={inReplyTo}
        autoFocus={state === 'opened'}
        onFailed={() => setState('found')}
      />
    );
  const isReply = inReplyTo !== null;
  return (
    <button
      type="button"
      className={isReply ? 'quick quick-reply' : 'quick'}
      onClick={() => setState('opened')}
    >
      <Face user={viewer.user} size={isReply ? 40 : 32} />
      <span>{isReply ? 'Add to this' : 'What did you notice?'}</span>
      {isReply && (
        <span className="btn btn-s bg-wash text-ink-3" aria-hidden="true">
          Reply
        </span>
      )}
    </button>
  );
}
