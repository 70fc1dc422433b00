import Link from 'next/link';
import { Empty } from '../../components/empty.tsx';
import { ScreenHead } from '../../components/screen-head.tsx';

export default function NotFound() {
  return (
    <>
      <ScreenHead title="Not found" back />
      <Empty broken title="Nothing is here" text="It is gone, or it never was, or it is not for you to see.">
        <Link href="/" className="btn btn-s btn-ink">
          Go home
        </Link>
      </Empty>
    </>
  );
}
