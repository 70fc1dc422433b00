import { describe, expect, it } from '@jest/globals';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import { createAccessTokens } from './access-token.ts';

const HERE = 'https://roost.example.org';
const { privateKey } = generateKeyPairSync('ed25519');
const tokens = createAccessTokens(privateKey, HERE);
const session = { id: '7', userId: '42' };

describe('an access token', () => {
  it('tells user and session for 15 minutes', async () => {
    const issued = new Date('2026-11-21T18:20:00.250Z');
    const { token, expiresAt } = await createAccessTokens(privateKey, HERE, () => issued).issue(session);
    expect(expiresAt).toEqual(new Date('2026-11-21T18:35:00.000Z'));
    const readAt = (moment: string) =>
      createAccessTokens(privateKey, HERE, () => new Date(moment)).read(token);
    expect(await readAt('2026-11-21T18:34:59.000Z')).toEqual({ userId: '42', sessionId: '7', expiresAt });
    expect(await readAt('2026-11-21T18:35:00.000Z')).toBeNull();
  });

  it('is none of ours with another key, instance, audience, type, algorithm or key id', async () => {
    const { token } = await tokens.issue(session);
    const { kid = '' } = decodeProtectedHeader(token);
    const stranger = generateKeyPairSync('ed25519').privateKey;
    const forged = (header: Record<string, string> = {}, audience = 'roost') =>
      new SignJWT({ sid: '7' })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid, ...header })
        .setSubject('42')
        .setIssuer(HERE)
        .setAudience(audience)
        .setExpirationTime('15m');
    const secret = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
    const none = new UnsecuredJWT({ sid: '7' })
      .setSubject('42')
      .setIssuer(HERE)
      .setAudience('roost')
      .encode();

    expect(await tokens.read(await forged().sign(privateKey))).not.toBeNull();
    expect(await tokens.read(await forged().sign(stranger))).toBeNull();
    expect(await tokens.read(await forged({ kid: 'other' }).sign(privateKey))).toBeNull();
    expect(await tokens.read(await forged({ typ: 'JWT' }).sign(privateKey))).toBeNull();
    expect(await tokens.read(await forged({}, 'elsewhere').sign(privateKey))).toBeNull();
    expect(await tokens.read(await forged({ alg: 'HS256' }).sign(secret))).toBeNull();
    expect(await tokens.read(none)).toBeNull();
    expect(await createAccessTokens(privateKey, 'https://other.example').read(token)).toBeNull();
  });

  it.each(['', 'x', 'a.b.c', '....', 'e30.e30.', '\0', '\ud800', 'x'.repeat(500)])(
    'is not %j',
    async (text) => {
      expect(await tokens.read(text)).toBeNull();
    },
  );
});
