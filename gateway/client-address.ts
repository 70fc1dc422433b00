import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** What the web says of who spoke to it: an address, when that was in ms since 1970, and its signature over both. */
const SIGNED_BY_WEB = 'x-roost-client';
/** A header that leaked must not be of use for long; clocks differ, and a page asks while it renders. */
const SIGNED_WITHIN_MS = 60_000;

/**
 * The client's own address: the last in `X-Forwarded-For` that none of our proxies has, as far as proxies of ours wrote
 * it. Of a stranger the header says nothing, since anybody can send one. What came through the web counts from whoever
 * spoke to the web, if it signed that.
 * @param trustedProxies CIDR blocks.
 * @param webAddressKey what the web signs with; null where there is none, and then nothing it says counts.
 */
export function clientAddressBy(
  trustedProxies: readonly string[],
  webAddressKey: string | null,
): (request: IncomingMessage) => string {
  const trusted = new BlockList();
  for (const block of trustedProxies) {
    const [address = '', prefix] = block.split('/');
    trusted.addSubnet(address, Number(prefix), family(address));
  }
  const isTrusted = (address: string) => trusted.check(address, family(address));

  return ({ socket, headers }) => {
    let address = plain(signedIn(headers[SIGNED_BY_WEB], webAddressKey) ?? socket.remoteAddress ?? '');
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
    while (isIP(address) !== 0 && isTrusted(address)) {
      const before = plain((forwarded.pop() ?? '').trim());
      if (isIP(before) === 0) break;
      address = before;
    }
    return address;
  };
}

/** Null when it is not the web that speaks, or not now. */
function signedIn(header: string | string[] | undefined, key: string | null): string | null {
  const [address = '', time = '', signature = ''] = String(header ?? '').split(' ');
  if (key === null || signature === '') return null;
  const expected = createHmac('sha256', key).update(`${address} ${time}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return Math.abs(Date.now() - Number(time)) <= SIGNED_WITHIN_MS ? address : null;
}

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** An IPv4 address as such, also where the socket speaks both versions. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
