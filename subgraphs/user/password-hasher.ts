import { hash, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { unavailable } from '../errors.ts';

/** argon2id as OWASP's cheat sheet has it: 19 MiB, two passes, one lane. The library's default algorithm is argon2id. */
export const PASSWORD_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** False for a null hash, after the same work as for a real one. */
  verify(passwordHash: string | null, password: string): Promise<boolean>;
}

/**
 * Each hash takes a thread of Node's pool of four and 19 MiB for some tens of milliseconds, so only `concurrent` run at
 * once: a flood of sign-ins leaves threads for files and names, and takes no more memory. When `waiting` more stand in
 * line, both functions reject with `UNAVAILABLE` at once.
 */
export function createPasswordHasher({ concurrent = 2, waiting = 100 } = {}): PasswordHasher {
  let running = 0;
  const line: (() => void)[] = [];
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running < concurrent) running++;
    else if (line.length < waiting) await new Promise<void>((go) => line.push(go));
    else throw unavailable('Too many people are signing in. Try again shortly.');
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next === undefined) running--;
      else next();
    }
  };
  const nobodys = hash(randomBytes(32), PASSWORD_COST);
  return {
    hash: (password) => inTurn(() => hash(password, PASSWORD_COST)),
    verify: (passwordHash, password) =>
      inTurn(async () => {
        const matches = await verify(passwordHash ?? (await nobodys), password);
        return matches && passwordHash !== null;
      }),
  };
}
