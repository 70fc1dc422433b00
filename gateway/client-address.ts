import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/**
 * The client's own address: the last in `X-Forwarded-For` that none of our proxies has, as far as proxies of ours wrote
 * it. Of a stranger the header says nothing, since anybody can send one.
 * @param trustedProxies CIDR blocks.
 */
export function clientAddressBy(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const trusted = new BlockList();
  for (const block of trustedProxies) {
    const [address = '', prefix] = block.split('/');
    trusted.addSubnet(address, Number(prefix), family(address));
  }
  const isTrusted = (address: string) => trusted.check(address, family(address));

  return ({ socket, headers }) => {
    let address = plain(socket.remoteAddress ?? '');
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
    while (isIP(address) !== 0 && isTrusted(address)) {
      const before = plain((forwarded.pop() ?? '').trim());
      if (isIP(before) === 0) break;
      address = before;
    }
    return address;
  };
}

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** An IPv4 address as such, also where the socket speaks both versions. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
