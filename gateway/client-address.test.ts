import type { IncomingMessage } from 'node:http';
import { expect, it } from '@jest/globals';
import { signedAddress } from '../web/server/signed-address.ts';
import { clientAddressBy } from './client-address.ts';

const from = (remoteAddress: string, forwarded?: string, signed?: string) =>
  ({
    socket: { remoteAddress },
    headers: { 'x-forwarded-for': forwarded, 'x-roost-client': signed },
  }) as unknown as IncomingMessage;

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
  expect(clientAddressBy(trusted, null)(from(remote, forwarded))).toBe(expected);
});

const key = 'a key that only the web and the gateway know';
const web = '127.0.0.1';
const aMinuteAgo = () => Date.now() - 61_000;

it.each([
  ['counts from whom the web names', key, signedAddress(key, '1.1.1.1', Date.now()), '1.1.1.1'],
  ['goes on through proxies before the web', key, signedAddress(key, '9.9.9.9', Date.now()), '5.5.5.5'],
  ['takes IPv4 for what it is', key, signedAddress(key, '::ffff:1.1.1.1', Date.now()), '1.1.1.1'],
  ['ignores what another key signed', key, signedAddress('another key', '1.1.1.1', Date.now()), web],
  ['ignores what was signed a while ago', key, signedAddress(key, '1.1.1.1', aMinuteAgo()), web],
  [
    'ignores an address put in later',
    key,
    signedAddress(key, '2.2.2.2', 1).replace('2.2.2.2', '1.1.1.1'),
    web,
  ],
  ['ignores what nobody signed', key, '1.1.1.1', web],
  ['ignores all of it without a key', null, signedAddress(key, '1.1.1.1', Date.now()), web],
])('behind the web it %s', (_what, webAddressKey, signed, expected) => {
  const address = clientAddressBy(['9.9.9.9/32'], webAddressKey);
  expect(address(from(web, '5.5.5.5', signed))).toBe(expected);
});
