'use client';

import { useMutation } from '@apollo/client/react';
import Link from 'next/link';
import { gql } from '../../graphql.generated/index.ts';
import { Field, PasswordField } from './field.tsx';
import { GateForm } from './gate-form.tsx';

const SignIn = gql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
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

/** The account that the README names, where this instance has it. */
const DEMO = { login: 'ada', password: 'roost-demo' };

/** @param next where to go once signed in. */
export function SignInForm({ next, demo }: { next: string; demo: boolean }) {
  const [signIn] = useMutation(SignIn);

  const enter = async ({ login = '', password = '' }: Record<string, string>) => {
    const { data } = await signIn({ variables: { input: { login, password } } });
    const refusals = data?.signIn?.errors ?? [];
    // Which of the two was wrong is not said; people look at the password first.
    return refusals.map(({ message, field }) => ({ message, field: field ?? ['password'] }));
  };

  return (
    <>
      <GateForm action="Sign in" next={next} enter={enter}>
        {(faults) => (
          <>
            <Field
              label="Email or username"
              name="login"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
              fault={faults['login']}
            />
            <PasswordField autoComplete="current-password" fault={faults['password']} />
            <Link href="/reset-password" className="inline-link -mt-1 w-max text-sm">
              Forgot your password?
            </Link>
          </>
        )}
      </GateForm>
      {demo && (
        <>
          <p className="mt-[22px] mb-3.5 flex items-center gap-3 text-sm text-ink-3 before:h-px before:flex-1 before:bg-line-2 after:h-px after:flex-1 after:bg-line-2">
            Just looking? Use a demo account
          </p>
          <GateForm action={`Sign in as ${DEMO.login}`} next={next} enter={enter} quiet>
            {() =>
              Object.entries(DEMO).map(([name, value]) => (
                <input key={name} type="hidden" name={name} value={value} />
              ))
            }
          </GateForm>
          <p className="mt-2 text-center text-sm text-ink-3">
            The password of all demo people is{' '}
            <span className="font-mono text-[12.5px]">{DEMO.password}</span>
          </p>
        </>
      )}
    </>
  );
}
