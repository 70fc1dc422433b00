import { isIPv6 } from 'node:net';
import type { Rate } from './rate-limiter.ts';

/** What an address counts as where it is limited: whoever has one of IPv6 has all of its /64. */
export function networkOf(address: string): string {
  const groups = groupsOf(address);
  return groups === null ? address : `${groups.slice(0, 4).join(':')}::/64`;
}

/** The /48 that an address of IPv6 is in: one customer may have all of its 65,536 networks. Null of another. */
export function siteOf(address: string): string | null {
  const groups = groupsOf(address);
  return groups === null ? null : `${groups.slice(0, 3).join(':')}::/48`;
}

/** How many times as much a /48 may as one network: many people may be in it, or one. */
export const NETWORKS_OF_SITE = 10;

/** What to count by, and as whom, where something is limited by address. */
export function ratesOf(rate: Rate, address: string): [Rate, string][] {
  const site = siteOf(address);
  const own: [Rate, string] = [rate, networkOf(address)];
  if (site === null) return [own];
  return [own, [{ ...rate, name: `${rate.name}-site`, count: rate.count * NETWORKS_OF_SITE }, site]];
}

/** The eight groups of an address of IPv6; null of another. */
function groupsOf(address: string): string[] | null {
  if (!isIPv6(address)) return null;
  const [bare = ''] = address.split('%', 1);
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const groups = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  while (tail !== undefined && groups.length < 8 - behind.length) groups.push('0');
  return [...groups, ...behind];
}
