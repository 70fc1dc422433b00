import { expect, it } from '@jest/globals';
import { networkOf, ratesOf, siteOf } from './network-of.ts';

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
])('counts %j as %j', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

it.each([
  ['192.0.2.1', null],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ['2001:DB8::1', '2001:db8:0::/48'],
  ['::1', '0:0:0::/48'],
])('finds %j in %j', (address, site) => {
  expect(siteOf(address)).toBe(site);
});

it('lets a /48 do ten times as much as one network in it', () => {
  const rate = { name: 'tries', count: 5, perSeconds: 60 };
  expect(ratesOf(rate, '192.0.2.1')).toEqual([[rate, '192.0.2.1']]);
  expect(ratesOf(rate, '2001:db8:1:2::3')).toEqual([
    [rate, '2001:db8:1:2::/64'],
    [{ name: 'tries-site', count: 50, perSeconds: 60 }, '2001:db8:1::/48'],
  ]);
});
