import type { Metadata } from 'next';
import { ForgottenPasswordForm } from '../../../components/gate/forgotten-password-form.tsx';
import { NewPasswordForm } from '../../../components/gate/new-password-form.tsx';
import { tokenIn, type LinkProps } from '../../../components/gate/token-in.ts';

export const metadata: Metadata = { title: 'Set a new password', robots: 'noindex' };

/** Where the link in a mail leads; without one, where to ask for it. */
export default async function ResetPasswordPage({ searchParams }: LinkProps) {
  const token = tokenIn(await searchParams);
  return (
    <>
      <h1 className="mb-5 text-2xl font-[650] tracking-[-0.025em]">Set a new password</h1>
      {token === '' ? <ForgottenPasswordForm /> : <NewPasswordForm token={token} />}
    </>
  );
}
