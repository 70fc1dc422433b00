import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Caller } from './viewer.ts';

/**
 * How a subgraph knows that the gateway asks, and for whom: HMAC-SHA256 with a key per subgraph over the caller, an
 * expiry, the subgraph's name and the body. So one that leaks is of use for seconds, at one subgraph, for one request.
 */
export const ASSERTION_HEADER = 'x-roost-assertion';

/** Longer than clocks differ and requests queue, shorter than somebody needs to make use of a log. */
const LIFETIME_MS = 30_000;

const assertionShape = z.strictObject({
  subgraph: z.string(),
  expiresAt: z.number(),
  viewer: z.strictObject({ userId: z.string(), sessionId: z.string() }).nullable(),
  address: z.string(),
  userAgent: z.string().nullable(),
  readsOwnWrites: z.boolean(),
});

/** @param body of the request, byte for byte; for a socket, the text `connection_init`. */
export function signAssertion(
  key: string,
  subgraph: string,
  caller: Caller,
  body: string,
  now = Date.now(),
): string {
  const { viewer, address, userAgent, readsOwnWrites } = caller;
  const claims: z.infer<typeof assertionShape> = {
    subgraph,
    expiresAt: now + LIFETIME_MS,
    viewer,
    address,
    userAgent,
    readsOwnWrites,
  };
  const text = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${text}.${macOf(key, text, body).toString('base64url')}`;
}

/** The caller that the gateway vouches for; null for anything else: wrong key, subgraph or body, too old, no assertion. */
export function verifyAssertion(
  key: string,
  subgraph: string,
  assertion: string | undefined,
  body: string,
  now = Date.now(),
): Caller | null {
  const [text, mac, ...rest] = (assertion ?? '').split('.');
  if (text === undefined || mac === undefined || rest.length > 0) return null;
  const expected = macOf(key, text, body);
  const given = Buffer.from(mac, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const claims = assertionShape.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  if (claims.subgraph !== subgraph || claims.expiresAt < now) return null;
  const { viewer, address, userAgent, readsOwnWrites } = claims;
  return { viewer, address, userAgent, readsOwnWrites };
}

const macOf = (key: string, text: string, body: string): Buffer =>
  createHmac('sha256', key).update(text).update('\n').update(body).digest();
