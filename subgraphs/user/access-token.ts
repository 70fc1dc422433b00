import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { isId, type Id } from '../../platform/ids.ts';

/** What a program shows with each request: which session it is, signed, for 15 minutes. */
export interface AccessTokens {
  issue(session: { userId: Id; id: Id }): Promise<{ token: string; expiresAt: Date }>;
  /** Null for all that is not a token of ours that still runs. Whether its session stands is not known here. */
  read(token: string): Promise<{ userId: Id; sessionId: Id; expiresAt: Date } | null>;
}

/** One algorithm, whatever a token says of itself. */
const ALGORITHM = 'EdDSA';
const TYPE = 'at+jwt';
const AUDIENCE = 'roost';
const LIFETIME_MS = 15 * 60 * 1000;

/** @param signingKey Ed25519, private. @param issuer `PUBLIC_URL`: a token of another instance is none here. */
export function createAccessTokens(
  signingKey: KeyObject,
  issuer: string,
  now = () => new Date(),
): AccessTokens {
  const publicKey = createPublicKey(signingKey);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const kid = createHash('sha256').update(spki).digest('base64url').slice(0, 16);

  return {
    issue: async ({ userId, id }) => {
      // A JWT counts whole seconds; what we tell the program is what the token says.
      const expiresAt = new Date(Math.floor((now().getTime() + LIFETIME_MS) / 1000) * 1000);
      const token = await new SignJWT({ sid: id })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(AUDIENCE)
        .setIssuedAt(now())
        .setExpirationTime(expiresAt)
        .sign(signingKey);
      return { token, expiresAt };
    },
    read: async (token) => {
      try {
        const { payload, protectedHeader } = await jwtVerify(token, publicKey, {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer,
          audience: AUDIENCE,
          requiredClaims: ['exp'],
          currentDate: now(),
        });
        const { sub: userId, sid: sessionId, exp } = payload;
        if (protectedHeader.kid !== kid || exp === undefined) return null;
        if (userId === undefined || !isId(userId) || typeof sessionId !== 'string' || !isId(sessionId))
          return null;
        return { userId, sessionId, expiresAt: new Date(exp * 1000) };
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
    },
  };
}
