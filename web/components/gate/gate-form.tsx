'use client';

import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { CircleAlert, LoaderCircle } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';

/** Why one was not let in: `field` is the path of the input at fault, or null. */
export interface Refusal {
  message: string;
  field: string[] | null;
}

/** What is wrong by the name of its field; what concerns no field, or none that is shown, is `whole`. */
export type Faults = Record<string, string>;

const faultsOf = (refusals: Refusal[], names: Set<string>): Faults => {
  const faults: Faults = {};
  for (const { message, field } of refusals) {
    const [name = 'whole'] = field ?? [];
    faults[names.has(name) ? name : 'whole'] ??= message;
  }
  return faults;
};

/**
 * A form of the gate. `enter` is given what was typed and answers why not. With no reason it is done: a fresh page
 * loads, the one that was wanted, or `next` is called.
 */
export function GateForm({
  action,
  next,
  enter,
  quiet = false,
  children,
}: {
  action: string;
  next: string | (() => void);
  enter: (typed: Record<string, string>) => Promise<Refusal[]>;
  /** Not the one button that glows. */
  quiet?: boolean;
  children: (faults: Faults) => ReactNode;
}) {
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<Faults>({});

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    const typed = Object.fromEntries(
      [...new FormData(event.currentTarget)].map(([name, value]) => [
        name,
        typeof value === 'string' ? value : '',
      ]),
    );
    setBusy(true);
    const refusals = await enter(typed).catch((err: unknown) => [{ message: wordsFor(err), field: null }]);
    if (refusals.length === 0 && typeof next === 'string') return location.assign(next);
    setBusy(false);
    if (refusals.length === 0 && typeof next === 'function') return next();
    setFaults(faultsOf(refusals, new Set(Object.keys(typed))));
  }
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [faults]);

  return (
    // By POST: a form sent before this code has loaded must not put a password into an address.
    <form ref={form} method="post" noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
      {children(faults)}
      <p role="alert" className="-my-2 flex items-start gap-1.5 text-sm text-alarm empty:hidden">
        {faults['whole'] && (
          <>
            <CircleAlert className="mt-px size-4 flex-none" strokeWidth={1.75} aria-hidden="true" />
            <span>{faults['whole']}</span>
          </>
        )}
      </p>
      <button
        type="submit"
        aria-disabled={busy}
        className={`btn w-full ${quiet ? 'btn-line h-11' : 'btn-glow btn-l'}`}
      >
        {busy && <LoaderCircle className="size-5 animate-spin" strokeWidth={1.75} aria-hidden="true" />}
        {action}
      </button>
    </form>
  );
}

const wordsFor = (err: unknown): string =>
  CombinedGraphQLErrors.is(err) && err.errors[0]
    ? err.errors[0].message
    : 'Roost can’t be reached right now. Try again in a moment.';
