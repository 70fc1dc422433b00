'use client';

import { useMutation } from '@apollo/client/react';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { whyNot } from '../apollo/refusal.ts';
import { gql } from '../graphql.generated/index.ts';
import type { ProfileHeadFragment } from '../graphql.generated/graphql.ts';
import { Dialog } from './dialog.tsx';
import { useToast } from './toasts.tsx';

const UpdateProfile = gql(`
  mutation UpdateProfile($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      user {
        ...ProfileHead
      }
      errors {
        ... on UserError {
          message
          field
        }
      }
    }
  }
`);

const fields = [
  { name: 'displayName', label: 'Name', maxLength: 50, lines: 1 },
  { name: 'bio', label: 'About you', maxLength: 160, lines: 3 },
  { name: 'location', label: 'Place', maxLength: 30, lines: 1 },
  { name: 'website', label: 'Website', maxLength: 200, lines: 1 },
] as const;

/** Changes what one's own profile says. A refusal stands at its field. */
export function EditProfile({ user, onClose }: { user: ProfileHeadFragment; onClose: () => void }) {
  const [update, { loading }] = useMutation(UpdateProfile);
  const [refusals, setRefusals] = useState<readonly { message?: string; field?: readonly string[] | null }[]>(
    [],
  );
  const toast = useToast();

  async function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string): string | null => {
      const value = form.get(name);
      return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
    };
    const website = addressIn(given('website'));
    if (website === undefined) {
      setRefusals([{ message: 'This is no address of a website.', field: ['website'] }]);
      return;
    }
    try {
      const { data } = await update({
        variables: {
          input: {
            displayName: given('displayName'),
            bio: given('bio'),
            location: given('location'),
            website,
          },
        },
      });
      const errors = data?.updateProfile?.errors ?? [];
      setRefusals(errors);
      if (errors.length > 0) return;
      onClose();
      toast({ text: 'Profile saved' });
    } catch (error) {
      setRefusals([{ message: `Not saved. ${whyNot(error)}`, field: null }]);
    }
  }

  const refusalOf = (name: string | undefined) =>
    refusals.find(({ field }) => (field?.at(-1) ?? undefined) === name)?.message;
  const general = refusalOf(undefined);
  return (
    <Dialog title="Edit profile" onClose={onClose}>
      <form className="grid gap-4 p-4" onSubmit={(event) => void save(event)}>
        {fields.map(({ name, label, maxLength, lines }) => (
          <Field key={name} label={label} refusal={refusalOf(name)}>
            {(described) =>
              lines === 1 ? (
                <input name={name} defaultValue={user[name] ?? ''} maxLength={maxLength} {...described} />
              ) : (
                <textarea
                  name={name}
                  defaultValue={user[name]}
                  maxLength={maxLength}
                  rows={lines}
                  {...described}
                />
              )
            }
          </Field>
        ))}
        {general !== undefined && (
          <p role="alert" className="text-sm text-alarm">
            {general}
          </p>
        )}
        <button type="submit" className="btn btn-glow justify-self-end" disabled={loading}>
          {loading ? 'Saving' : 'Save'}
        </button>
      </form>
    </Dialog>
  );
}

/** An address, with `https://` unless another scheme was written. Undefined when it is none. */
function addressIn(text: string | null): string | null | undefined {
  if (text === null) return null;
  const url = URL.parse(/^[a-z][a-z\d+.-]*:/i.test(text) ? text : `https://${text}`);
  return url && /^https?:$/.test(url.protocol) ? url.href : undefined;
}

function Field({
  label,
  refusal,
  children,
}: {
  label: string;
  refusal: string | undefined;
  children: (described: {
    id: string;
    className: string;
    'aria-invalid'?: true;
    'aria-describedby'?: string;
  }) => ReactNode;
}) {
  const id = useId();
  const helpId = `${id}-help`;
  const bad = refusal !== undefined;
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-md font-[550]">
        {label}
      </label>
      {children({
        id,
        className: `block w-full resize-none rounded-md border bg-canvas px-3 py-2.5 text-field focus:outline-2 focus:outline-ember ${bad ? 'border-alarm' : 'border-edge'}`,
        ...(bad && { 'aria-invalid': true, 'aria-describedby': helpId }),
      })}
      {bad && (
        <p id={helpId} role="alert" className="mt-1.5 text-sm text-alarm">
          {refusal}
        </p>
      )}
    </div>
  );
}
