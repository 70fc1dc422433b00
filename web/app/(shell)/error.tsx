'use client';

import { Failed } from '../../components/failed.tsx';
import { ScreenHead } from '../../components/screen-head.tsx';

/** A screen that failed, in the frame that still stands. */
export default function ScreenError({ reset }: { error: Error; reset: () => void }) {
  return (
    <>
      <ScreenHead title="Roost" />
      <Failed onAgain={reset} />
    </>
  );
}
