import { gql } from '../graphql.generated/index.ts';
import type { FaceFragment } from '../graphql.generated/graphql.ts';

export const FaceOfUser = gql(`
  fragment Face on User {
    id
    avatarUrl(size: 96)
  }
`);

const sizes = { 28: 'size-7', 32: 'size-8', 40: 'size-10' };

/** The round picture of an account; an empty circle when profiles are out of reach. Its name stands beside it. */
export function Face({ user, size = 40 }: { user: FaceFragment | null; size?: keyof typeof sizes }) {
  const look = `face block flex-none rounded-full bg-wash ${sizes[size]}`;
  if (user === null) return <span className={look} />;
  return (
    <img
      src={user.avatarUrl}
      alt=""
      width={size}
      height={size}
      loading="lazy"
      decoding="async"
      className={look}
    />
  );
}
