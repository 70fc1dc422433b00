'use client';

import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { gql } from '../../graphql.generated/index.ts';
import { Done } from './done.tsx';
import { Field } from './field.tsx';
import { GateForm } from './gate-form.tsx';

const RequestPasswordReset = gql(`
  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
    requestPasswordReset(input: $input) {
      linkLifetimeMinutes
      errors {
        ... on UserError {
          message
          field
        }
      }
    }
  }
`);

export function ForgottenPasswordForm() {
  const [request] = useMutation(RequestPasswordReset);
  const [isDone, setIsDone] = useState(false);

  const enter = async ({ login = '' }: Record<string, string>) => {
    const { data } = await request({ variables: { input: { login } } });
    const refusals = data?.requestPasswordReset?.errors ?? [];
    return refusals.map(({ message, field }) => ({ message, field: field ?? null }));
  };

  if (isDone)
    return (
      <Done href="/sign-in" action="Back to signing in">
        If there is such an account, a mail with a link is on its way to its address. The link works for an
        hour.
      </Done>
    );
  return (
    <GateForm action="Send me a link" next={() => setIsDone(true)} enter={enter}>
      {(faults) => (
        <Field
          label="Email or username"
          name="login"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          help="An address only once it is verified."
          fault={faults['login']}
        />
      )}
    </GateForm>
  );
}
