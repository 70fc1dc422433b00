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
    // Claims to be another algorithm, with the signature of the right one, or none.
    const [head = '', body = '', signature = ''] = token.split('.');
    for (const alg of ['none', 'None', 'HS256', 'RS256', 'ES256', 'Ed448', 'EdDSA ', '', null, ['EdDSA']]) {
      const other = Buffer.from(JSON.stringify({ alg, typ: 'at+jwt', kid })).toString('base64url');
      expect(await tokens.read(`${other}.${body}.${signature}`)).toBeNull();
      expect(await tokens.read(`${other}.${body}.`)).toBeNull();
    }
    expect(await tokens.read(`${head}.${body}.${signature}`)).not.toBeNull();
    expect(await createAccessTokens(privateKey, 'https://other.example').read(token)).toBeNull();
  });

  it('brings no key, place of keys or extension of its own', async () => {
    const { token } = await tokens.issue(session);
    const { kid = '' } = decodeProtectedHeader(token);
    const stranger = generateKeyPairSync('ed25519');
    const jwk = stranger.publicKey.export({ format: 'jwk' });
    const own = [
      { jwk },
      { jku: 'https://evil.example/keys' },
      { x5u: 'https://evil.example/cert' },
      { x5c: ['AAAA'] },
    ];
    for (const brought of own) {
      const forged = new SignJWT({ sid: '7' })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid, ...brought })
        .setSubject('42')
        .setIssuer(HERE)
        .setAudience('roost')
        .setExpirationTime('15m');
      expect(await tokens.read(await forged.sign(stranger.privateKey))).toBeNull();
    }
    const critical = new SignJWT({ sid: '7', later: true })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid, crit: ['later'], later: true })
      .setSubject('42')
      .setIssuer(HERE)
      .setAudience('roost')
      .setExpirationTime('15m');
    const signed = await critical.sign(privateKey, { crit: { later: true } });
    expect(await tokens.read(signed)).toBeNull();
  });

  it.each([
    ['no end', (jwt: SignJWT) => jwt.setSubject('42')],
    ['an end long past', (jwt: SignJWT) => jwt.setSubject('42').setExpirationTime(1)],
    [
      'a beginning to come',
      (jwt: SignJWT) => jwt.setSubject('42').setExpirationTime('1h').setNotBefore('30m'),
    ],
    ['no person', (jwt: SignJWT) => jwt.setExpirationTime('1h')],
    ['a person who is none', (jwt: SignJWT) => jwt.setSubject("42' OR 1=1").setExpirationTime('1h')],
  ])('is refused with %s, though we signed it', async (_, claim) => {
    const { kid = '' } = decodeProtectedHeader((await tokens.issue(session)).token);
    const jwt = new SignJWT({ sid: '7' })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
      .setIssuer(HERE)
      .setAudience('roost');
    expect(await tokens.read(await claim(jwt).sign(privateKey))).toBeNull();
  });

  it.each(['', 'x', 'a.b.c', '....', 'e30.e30.', '\0', '\ud800', 'x'.repeat(500)])(
    'is not %j',
    async (text) => {
      expect(await tokens.read(text)).toBeNull();
    },
  );
});
