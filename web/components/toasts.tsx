'use client';

import { CircleAlert, Check } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { createContext, use, useCallback, useState, type ReactNode } from 'react';

export interface Toast {
  text: string;
  /** Something did not work. */
  failed?: boolean;
  /** The one remedy. */
  action?: { label: string; run: () => void };
}

const STAYS_MS = 6000;
const AT_MOST = 3;

const ToastContext = createContext<(toast: Toast) => void>(() => undefined);

/** Says something in passing, at the bottom of the page, and to screen readers. */
export const useToast = () => use(ToastContext);

export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly (Toast & { key: number })[]>([]);
  const show = useCallback((toast: Toast) => {
    // The same again takes the place of the first: ten presses without a network are one message.
    setToasts((shown) =>
      [...shown.filter(({ text }) => text !== toast.text), { ...toast, key: Math.random() }].slice(-AT_MOST),
    );
  }, []);
  const drop = (key: number) => setToasts((shown) => shown.filter((toast) => toast.key !== key));

  return (
    <ToastContext value={show}>
      {children}
      {/* Its region has a style of its own, which a page from the server may not bring along. */}
      {toasts.length > 0 && (
        <Radix.Provider duration={STAYS_MS} label="Message">
          {toasts.map(({ key, text, failed = false, action }) => (
            <Radix.Root
              key={key}
              className="toast"
              onOpenChange={(open) => {
                if (!open) drop(key);
              }}
            >
              {failed ? (
                <CircleAlert className="size-[18px] flex-none" strokeWidth={1.75} aria-hidden="true" />
              ) : (
                <Check className="size-[18px] flex-none" strokeWidth={1.75} aria-hidden="true" />
              )}
              <Radix.Description>{text}</Radix.Description>
              {action && (
                <Radix.Action altText={action.label} onClick={action.run}>
                  {action.label}
                </Radix.Action>
              )}
            </Radix.Root>
          ))}
          <Radix.Viewport className="toasts" />
        </Radix.Provider>
      )}
    </ToastContext>
  );
}
