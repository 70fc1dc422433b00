import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { query } from '../../../apollo/server.ts';
import { nextPlace } from '../../../components/gate/next-place.ts';
import { SignInForm } from '../../../components/gate/sign-in-form.tsx';
import { ViewerDocument } from '../../../graphql.generated/graphql.ts';

export const metadata: Metadata = { title: 'Sign in' };

interface PageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: PageProps) {
  const next = nextPlace((await searchParams)['next']);
  const { viewer } = await query(ViewerDocument, {});
  if (viewer !== null) redirect(next);
  const onward = next === '/' ? '' : `?next=${encodeURIComponent(next)}`;
  return (
    <>
      <h1 className="mb-5 text-2xl font-[650] tracking-[-0.025em]">Sign in</h1>
      <SignInForm next={next} demo={process.env['DEMO'] === '1'} />
      <p className="mt-[22px] text-[14px] leading-5 text-ink-2">
        New here?{' '}
        <Link href={`/sign-up${onward}`} className="inline-link">
          Make an account
        </Link>
      </p>
    </>
  );
}
