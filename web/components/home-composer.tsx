'use client';

import { useState } from 'react';
import { Composer } from './composer.tsx';
import { Face } from './face.tsx';
import { useViewer } from './viewer.tsx';

/** Atop of home: one row, until somebody begins to write. */
export function HomeComposer() {
  const viewer = useViewer();
  const [open, setOpen] = useState(false);
  if (viewer === null) return null;
  if (open) return <Composer viewer={viewer} autoFocus />;
  return (
    <button type="button" className="quick" onClick={() => setOpen(true)}>
      <Face user={viewer.user} size={32} />
      What did you notice?
    </button>
  );
}
