import type { ReactNode } from 'react';
import { Overlays } from '../../components/overlays.tsx';
import { Aside } from '../../components/shell/aside.tsx';
import { BottomBar } from '../../components/shell/bottom-bar.tsx';
import { SideNav } from '../../components/shell/side-nav.tsx';

/** The grid of all screens but the gate: navigation, the sheet, a side. */
export default function ShellLayout({ children }: { children: ReactNode }) {
  return (
    <Overlays>
      <a
        href="#main"
        className="fixed -top-16 left-3 z-90 rounded-full bg-ink px-3.5 py-2 font-semibold text-canvas focus:top-2"
      >
        Skip to content
      </a>
      <div className="grid grid-cols-[minmax(0,1fr)] justify-center rail:grid-cols-[56px_minmax(0,600px)] rail:gap-x-5 rail:px-4 aside:grid-cols-[56px_minmax(0,600px)_minmax(0,290px)] wide:grid-cols-[216px_600px_320px] wide:gap-x-8">
        <SideNav />
        <main
          id="main"
          tabIndex={-1}
          className="min-h-dvh min-w-0 border-line pb-14 outline-none rail:border-x rail:pb-0"
        >
          {children}
        </main>
        <Aside />
      </div>
      <BottomBar />
    </Overlays>
  );
}
