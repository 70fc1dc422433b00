import type { Metadata } from 'next';
import { VerifyEmailForm } from '../../../components/gate/verify-email-form.tsx';
import { tokenIn, type LinkProps } from '../../../components/gate/token-in.ts';

export const metadata: Metadata = { title: 'Verify your address', robots: 'noindex' };

/** Where the link in a mail leads. It changes nothing by being opened: programs that look at mails open links, too. */
export default async function VerifyEmailPage({ searchParams }: LinkProps) {
  return (
    <>
      <h1 className="mb-5 text-2xl font-[650] tracking-[-0.025em]">Verify your address</h1>
      <VerifyEmailForm token={tokenIn(await searchParams)} />
    </>
  );
}
