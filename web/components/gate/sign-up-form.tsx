'use client';

import { useMutation } from '@apollo/client/react';
import { gql } from '../../graphql.generated/index.ts';
import { Field, PasswordField } from './field.tsx';
import { GateForm } from './gate-form.tsx';

const SignUp = gql(`
  mutation SignUp($input: SignUpInput!) {
    signUp(input: $input) {
      viewer {
        id
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

/** @param next where to go with the new account. */
export function SignUpForm({ next }: { next: string }) {
  const [signUp] = useMutation(SignUp);

  const enter = async ({
    displayName = '',
    username = '',
    email = '',
    password = '',
  }: Record<string, string>) => {
    const named = displayName.trim() === '' ? {} : { displayName };
    const { data } = await signUp({ variables: { input: { ...named, username, email, password } } });
    return (data?.signUp?.errors ?? []).map(({ message, field }) => ({ message, field: field ?? null }));
  };

  return (
    <GateForm action="Make my account" next={next} enter={enter}>
      {(faults) => (
        <>
          <Field
            label="Name"
            name="displayName"
            autoComplete="name"
            autoFocus
            help="Shown first. Leave it empty to go by your username."
            fault={faults['displayName']}
          />
          <Field
            label="Username"
            name="username"
            before="@"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            help="1 to 15 letters, digits or underscores."
            fault={faults['username']}
          />
          <Field
            label="Email"
            name="email"
            type="email"
            autoComplete="email"
            help="A mail with a link goes there. Never shown to others."
            fault={faults['email']}
          />
          <PasswordField
            autoComplete="new-password"
            help="8 characters or more; no rules about symbols."
            fault={faults['password']}
          />
        </>
      )}
    </GateForm>
  );
}
