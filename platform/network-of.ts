import { isIPv6 } from 'node:net';

/** What an address counts as where it is limited: whoever has one of IPv6 has all of its /64. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [bare = ''] = address.split('%', 1);
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const groups = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? 0 : tail.split(':').length;
  while (tail !== undefined && groups.length < 8 - behind) groups.push('0');
  return `${groups.slice(0, 4).join(':')}::/64`;
}
