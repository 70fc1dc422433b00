'use client';

import { ArrowLeft } from 'lucide-react';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { Mark } from './mark.tsx';

/** The line atop of every screen. */
export function ScreenHead({
  title,
  below,
  back = false,
  children,
}: {
  title: string;
  /** A second line, such as a count. */
  below?: string | undefined;
  back?: boolean;
  children?: ReactNode;
}) {
  const router = useRouter();
  const goBack = () => {
    if (history.length > 1) router.back();
    else router.push('/');
  };
  return (
    <header className="sticky top-0 z-20 flex h-[52px] items-center gap-2 border-b border-line bg-canvas pr-2 pl-4">
      {back ? (
        <button type="button" className="icon-btn -ml-2" aria-label="Back" onClick={goBack}>
          <ArrowLeft className="size-5" strokeWidth={1.75} aria-hidden="true" />
        </button>
      ) : (
        <Mark className="h-7 w-[34px] rail:hidden" />
      )}
      <h1
        className={`min-w-0 truncate text-[17px] leading-[22px] font-[650] tracking-[-0.015em] ${back ? '' : 'max-rail:sr-only'}`}
      >
        {title}
        {below !== undefined && (
          <span className="block text-[13px] leading-4 font-normal tracking-normal text-ink-3">{below}</span>
        )}
      </h1>
      {children && <div className="ml-auto flex items-center gap-0.5">{children}</div>}
    </header>
  );
}
