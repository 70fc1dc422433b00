'use client';

import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { gql } from '../../graphql.generated/index.ts';
import { Done } from './done.tsx';
import { GateForm } from './gate-form.tsx';

const VerifyEmail = gql(`
  mutation VerifyEmail($input: VerifyEmailInput!) {
    verifyEmail(input: $input) {
      email
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`);

/** @param token of the link. */
export function VerifyEmailForm({ token }: { token: string }) {
  const [verify] = useMutation(VerifyEmail);
  const [email, setEmail] = useState('');
  const [isDone, setIsDone] = useState(false);

  const enter = async () => {
    const { data } = await verify({ variables: { input: { token } } });
    setEmail(data?.verifyEmail?.email ?? '');
    return (data?.verifyEmail?.errors ?? []).map(({ message }) => ({ message, field: null }));
  };

  if (isDone)
    return (
      <Done href="/" action="Go on to Roost">
        {email} is verified. You can sign in with it, too.
      </Done>
    );
  return (
    <GateForm action="Verify my address" next={() => setIsDone(true)} enter={enter}>
      {() => (
        <p className="text-[15px] leading-[22px] text-ink-2">
          Once it is verified, you can sign in with your address and set a new password if you forget yours.
        </p>
      )}
    </GateForm>
  );
}
