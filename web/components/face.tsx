import { gql } from '../graphql.generated/index.ts';
import type { FaceFragment } from '../graphql.generated/graphql.ts';

export const FaceOfUser = gql(`
  fragment Face on User {
    id
    avatarUrl(size: 96)
  }
`);

const sizes = { 28: 'size-7', 32: 'size-8', 40: 'size-10', whole: 'size-full' };

/** Pixels, or as large as what it stands in. */
type Size = keyof typeof sizes;

const LARGE_PX = 104;

/** The round picture of an account; an empty circle when profiles are out of reach. Its name stands beside it. */
export function Face({ user, size = 40 }: { user: FaceFragment | null; size?: Size }) {
  const look = `face block flex-none rounded-full bg-wash ${sizes[size]}`;
  if (user === null) return <span className={look} />;
  return (
    <img
      src={user.avatarUrl}
      alt=""
      width={size === 'whole' ? LARGE_PX : size}
      height={size === 'whole' ? LARGE_PX : size}
      loading="lazy"
      decoding="async"
      className={look}
    />
  );
}
