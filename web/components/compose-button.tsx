'use client';

import { PenLine } from 'lucide-react';
import { useCompose } from './compose.tsx';

const looks = {
  side: 'btn btn-glow mt-3.5 size-14 p-0 wide:h-11 wide:w-full',
  floating:
    'fixed right-4 bottom-[calc(72px+env(safe-area-inset-bottom))] z-30 grid size-[54px] place-items-center rounded-full bg-glow text-on-glow shadow-2 rail:hidden',
};

/** The one glow button of most screens: begins a tweet. */
export function ComposeButton({ place }: { place: keyof typeof looks }) {
  const compose = useCompose();
  return (
    <button type="button" className={looks[place]} aria-label="Post" onClick={() => compose(null)}>
      <PenLine
        className={place === 'side' ? 'size-5 wide:hidden' : 'size-6'}
        strokeWidth={1.75}
        aria-hidden="true"
      />
      {place === 'side' && <span className="hidden wide:inline">Post</span>}
    </button>
  );
}
