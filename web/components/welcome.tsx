import Link from 'next/link';
import { Empty } from './empty.tsx';
import { ScreenHead } from './screen-head.tsx';

/** Home of whoever is not signed in. */
export const Welcome = () => (
  <>
    <ScreenHead title="Home" />
    <Empty
      title="A place for words"
      text="Short posts from people you chose, newest first. Sign in, and your timeline is here."
    >
      <Link href="/sign-in" className="btn btn-glow btn-l">
        Sign in
      </Link>
      <Link href="/sign-up" className="btn btn-line btn-l">
        Make an account
      </Link>
    </Empty>
  </>
);
