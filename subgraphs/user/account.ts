import type { Id } from '../../platform/ids.ts';

/** What only its owner may know of an account. */
export interface Account {
  email: string;
  emailVerifiedAt: Date | null;
  passwordChangedAt: Date;
  usernameChangedAt: Date | null;
}

/** What a password is compared with, and who it would let in. */
export interface Credentials {
  userId: Id;
  username: string;
  /** As its owner spells it. */
  email: string;
  emailVerifiedAt: Date | null;
  passwordHash: string;
  /** Null while the account stands. */
  deactivatedAt: Date | null;
  /** Whether it is signed in at the address asked about. */
  isTrusted: boolean;
}

/** A deactivated account comes back by signing in for so long; then it is deleted. */
export const RECOVERY_DAYS = 30;

/** The claim that an address would be. */
export const emailClaim = (email: string): string => email.toLowerCase();
