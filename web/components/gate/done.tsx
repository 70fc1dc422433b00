import Link from 'next/link';
import type { ReactNode } from 'react';

/** What stands where a form was, once it is done, and where to go on from there. */
export function Done({ href, action, children }: { href: string; action: string; children: ReactNode }) {
  return (
    <div role="status" className="grid gap-4">
      <p className="text-[15px] leading-[22px] text-ink-2">{children}</p>
      <Link href={href} className="btn btn-line h-11 w-full">
        {action}
      </Link>
    </div>
  );
}
