'use client';

import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { gql } from '../../graphql.generated/index.ts';
import { Done } from './done.tsx';
import { PasswordField } from './field.tsx';
import { GateForm } from './gate-form.tsx';

const ResetPassword = gql(`
  mutation ResetPassword($input: ResetPasswordInput!) {
    resetPassword(input: $input) {
      username
      errors {
        ... on UserError {
          message
          field
        }
      }
    }
  }
`);

/** @param token of the link. */
export function NewPasswordForm({ token }: { token: string }) {
  const [reset] = useMutation(ResetPassword);
  const [username, setUsername] = useState('');
  const [isDone, setIsDone] = useState(false);

  const enter = async ({ password = '' }: Record<string, string>) => {
    const { data } = await reset({ variables: { input: { token, newPassword: password } } });
    setUsername(data?.resetPassword?.username ?? '');
    const refusals = data?.resetPassword?.errors ?? [];
    return refusals.map(({ message, field }) => ({
      message,
      field: field?.[0] === 'newPassword' ? ['password'] : (field ?? null),
    }));
  };

  if (isDone)
    return (
      <Done href="/sign-in" action={`Sign in as @${username}`}>
        Your new password is set, and all other sessions have ended.
      </Done>
    );
  return (
    <GateForm action="Set my password" next={() => setIsDone(true)} enter={enter}>
      {(faults) => (
        <PasswordField
          autoComplete="new-password"
          autoFocus
          help="8 characters or more; no rules about symbols."
          fault={faults['password']}
        />
      )}
    </GateForm>
  );
}
