import { randomBytes } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';

/**
 * What a page of ours may load: scripts by a nonce of its own and what these load, everything else of this origin.
 * @param publicOrigin where pictures say that they are, which is not where one is who came by another name of this
 * machine.
 */
export function contentPolicy(publicOrigin: string, { dev }: { dev: boolean }): string {
  const nonce = `'nonce-${randomBytes(16).toString('base64')}'`;
  return [
    "default-src 'none'",
    // While developing, React explains errors by `eval` and styles are swapped in place.
    `script-src ${nonce} 'strict-dynamic'${dev ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' ${dev ? "'unsafe-inline'" : nonce}`,
    `img-src 'self' ${publicOrigin} data:`,
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** What else browsers are told with every answer of ours. */
export const securityHeaders = (publicUrl: URL): OutgoingHttpHeaders => ({
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  ...(publicUrl.protocol === 'https:' && { 'strict-transport-security': 'max-age=31536000' }),
});
