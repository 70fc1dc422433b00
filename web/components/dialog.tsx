'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useState, type ComponentProps, type ReactNode, type RefObject } from 'react';

interface DialogProps {
  title: string;
  onClose: () => void;
  /** Where the focus goes back to, when what had it as the dialog opened will be gone. */
  openedBy?: RefObject<HTMLElement | null>;
  children: ReactNode;
}

/** A dialog over the page: Escape and the cross close it, and the focus goes back where it came from. */
export function Dialog({ title, children, ...layer }: DialogProps) {
  return (
    <Layer {...layer} className="raised dlg" aria-describedby={undefined}>
      <div className="dlg-head">
        <Radix.Close className="icon-btn" aria-label="Close">
          <X className="size-5" strokeWidth={1.75} aria-hidden="true" />
        </Radix.Close>
        <Radix.Title>{title}</Radix.Title>
      </div>
      {children}
    </Layer>
  );
}

/** A question: a title, a sentence, and the ways out as `children`. */
export function Question({ title, text, children, ...layer }: DialogProps & { text: string }) {
  return (
    <Layer {...layer} className="raised dlg dlg-s">
      <Radix.Title>{title}</Radix.Title>
      <Radix.Description>{text}</Radix.Description>
      <div className="stack">{children}</div>
    </Layer>
  );
}

type LayerProps = Omit<DialogProps, 'title'> & Omit<ComponentProps<typeof Radix.Content>, 'title'>;

function Layer({ onClose, openedBy, children, ...content }: LayerProps) {
  const [focused] = useState(() => document.activeElement);
  return (
    <Radix.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Radix.Portal>
        {/* Radix's own brings a style along to stop the page's scrolling, which the policy of the page forbids. */}
        <div className="scrim">
          <Radix.Content
            {...content}
            onCloseAutoFocus={(event) => {
              // Radix knows of no trigger here, and would leave the focus nowhere.
              event.preventDefault();
              const opener = openedBy?.current ?? focused;
              if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
            }}
          >
            {children}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}
