import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { query } from '../../../apollo/server.ts';
import { nextPlace } from '../../../components/gate/next-place.ts';
import { SignUpForm } from '../../../components/gate/sign-up-form.tsx';
import { ViewerDocument } from '../../../graphql.generated/graphql.ts';

export const metadata: Metadata = { title: 'Make an account' };

interface PageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignUpPage({ searchParams }: PageProps) {
  const next = nextPlace((await searchParams)['next']);
  const { viewer } = await query(ViewerDocument, {});
  if (viewer !== null) redirect(next);
  const onward = next === '/' ? '' : `?next=${encodeURIComponent(next)}`;
  return (
    <>
      <h1 className="mb-5 text-2xl font-[650] tracking-[-0.025em]">Make an account</h1>
      <SignUpForm next={next} />
      <p className="mt-[22px] text-[14px] leading-5 text-ink-2">
        Already here?{' '}
        <Link href={`/sign-in${onward}`} className="inline-link">
          Sign in
        </Link>
      </p>
    </>
  );
}
