'use client';

import { CircleAlert, Eye, EyeOff } from 'lucide-react';
import { useId, useState, type ComponentProps, type ReactNode } from 'react';

interface FieldProps extends Omit<ComponentProps<'input'>, 'id' | 'className'> {
  label: string;
  name: string;
  /** What is wrong with it, in words; shown instead of the help. */
  fault?: string | undefined;
  help?: string;
  /** Stands before what is typed. */
  before?: string;
  after?: ReactNode;
}

/** A labelled field, with what is wrong at the field itself. */
export function Field({ label, fault, help, before, after, ...input }: FieldProps) {
  const id = useId();
  const said = fault ?? help;
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-[14px] leading-5 font-[550]">
        {label}
      </label>
      <div
        className={`flex h-11 w-full items-center gap-2 rounded-md bg-canvas px-3 inset-ring focus-within:outline-2 focus-within:outline-ember ${fault ? 'inset-ring-[1.5px] inset-ring-alarm' : 'inset-ring-edge hover:inset-ring-ink-3'}`}
      >
        {before && <span className="text-field text-ink-3">{before}</span>}
        <input
          {...input}
          id={id}
          aria-invalid={fault !== undefined}
          aria-describedby={said === undefined ? undefined : `${id}-said`}
          className="min-w-0 flex-1 bg-transparent text-field outline-none"
        />
        {after}
      </div>
      {said !== undefined && (
        <p
          id={`${id}-said`}
          className={`mt-1.5 flex items-start gap-1.5 text-sm ${fault ? 'text-alarm' : 'text-ink-3'}`}
        >
          {fault && <CircleAlert className="mt-px size-4 flex-none" strokeWidth={1.75} aria-hidden="true" />}
          <span>{said}</span>
        </p>
      )}
    </div>
  );
}

/** A password, hidden until one wants to see it. */
export function PasswordField(props: Omit<FieldProps, 'type' | 'after' | 'label' | 'name'>) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <Field
      {...props}
      label="Password"
      name="password"
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      spellCheck={false}
      after={
        <button
          type="button"
          className="icon-btn icon-btn-s"
          aria-label="Show password"
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          <Icon className="size-5" strokeWidth={1.75} aria-hidden="true" />
        </button>
      }
    />
  );
}
