'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog over the page: Escape and the cross close it, and the focus goes back where it came from. */
export function Dialog({ title, onClose, children }: DialogProps) {
  return (
    <Layer onClose={onClose}>
      <Radix.Content className="raised dlg" aria-describedby={undefined}>
        <div className="dlg-head">
          <Radix.Close className="icon-btn" aria-label="Close">
            <X className="size-5" strokeWidth={1.75} aria-hidden="true" />
          </Radix.Close>
          <Radix.Title>{title}</Radix.Title>
        </div>
        {children}
      </Radix.Content>
    </Layer>
  );
}

/** A question: a title, a sentence, and the ways out as `children`. */
export function Question({ title, text, onClose, children }: DialogProps & { text: string }) {
  return (
    <Layer onClose={onClose}>
      <Radix.Content className="raised dlg dlg-s">
        <Radix.Title>{title}</Radix.Title>
        <Radix.Description>{text}</Radix.Description>
        <div className="stack">{children}</div>
      </Radix.Content>
    </Layer>
  );
}

const Layer = ({ onClose, children }: { onClose: () => void; children: ReactNode }) => (
  <Radix.Root
    open
    onOpenChange={(open) => {
      if (!open) onClose();
    }}
  >
    <Radix.Portal>
      <Radix.Overlay className="scrim">{children}</Radix.Overlay>
    </Radix.Portal>
  </Radix.Root>
);
