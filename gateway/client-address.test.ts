import type { IncomingMessage } from 'node:http';
import { expect, it } from '@jest/globals';
import { clientAddressBy } from './client-address.ts';

const from = (remoteAddress: string, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

it.each([
  ['nobody is trusted', [], '9.9.9.9', '1.1.1.1', '9.9.9.9'],
  ['the proxy is trusted', ['9.9.9.0/24'], '9.9.9.9', '1.1.1.1', '1.1.1.1'],
  [
    'a client forged an entry before the proxy added its own',
    ['9.9.9.9/32'],
    '9.9.9.9',
    '5.5.5.5, 1.1.1.1',
    '1.1.1.1',
  ],
  ['there are two proxies', ['9.9.9.9/32', '10.0.0.0/8'], '9.9.9.9', '1.1.1.1, 10.1.2.3', '1.1.1.1'],
  ['a proxy wrote nonsense', ['9.9.9.9/32'], '9.9.9.9', 'unknown', '9.9.9.9'],
  ['a proxy wrote nothing', ['9.9.9.9/32'], '9.9.9.9', undefined, '9.9.9.9'],
  ['IPv4 comes in the clothes of IPv6', ['9.9.9.9/32'], '::ffff:9.9.9.9', '::ffff:1.1.1.1', '1.1.1.1'],
  ['the proxy speaks IPv6', ['fd00::/8'], 'fd00::1', '2001:db8::5', '2001:db8::5'],
])('finds the client where %s', (_where, trusted, remote, forwarded, expected) => {
  expect(clientAddressBy(trusted)(from(remote, forwarded))).toBe(expected);
});
