import { describe, expect, it } from '@jest/globals';
import { isLoopback, loadAddresses } from './addresses.ts';

describe('loadAddresses', () => {
  it('binds to loopback and calls itself localhost when nothing is said', () => {
    expect(loadAddresses({})).toEqual({
      publicUrl: new URL('http://localhost:4000'),
      host: '127.0.0.1',
      port: 4000,
      allowedOrigins: ['http://localhost:4000', 'http://127.0.0.1:4000', 'http://[::1]:4000'],
      secureCookies: false,
      trustedProxies: [],
      webAddressKey: null,
    });
  });

  it('lets both the web and the playground of this machine in', () => {
    expect(loadAddresses({ PUBLIC_URL: 'http://localhost:3000' }).allowedOrigins).toEqual([
      'http://localhost:3000',
      'http://localhost:4000',
      'http://127.0.0.1:3000',
      'http://127.0.0.1:4000',
      'http://[::1]:3000',
      'http://[::1]:4000',
    ]);
  });

  it('takes origins and cookie flags from PUBLIC_URL', () => {
    const env = { PUBLIC_URL: 'https://roost.example.org', TRUSTED_PROXIES: '10.0.0.0/8, ::1' };
    expect(loadAddresses(env)).toMatchObject({
      host: '127.0.0.1',
      allowedOrigins: ['https://roost.example.org'],
      secureCookies: true,
      trustedProxies: ['10.0.0.0/8', '::1/128'],
    });
  });

  it.each([
    'roost.example.org',
    'ftp://roost.example.org',
    'https://a.org/app',
    'https://u:p@a.org',
    'https://a.org/?x',
  ])('refuses PUBLIC_URL %s, which is no origin', (PUBLIC_URL) => {
    expect(() => loadAddresses({ PUBLIC_URL })).toThrow('PUBLIC_URL must be an origin');
  });

  it('refuses plain http on another host, unless the demo is meant to be seen', () => {
    const env = { PUBLIC_URL: 'http://192.168.1.5:4000', HOST: '0.0.0.0' };
    expect(() => loadAddresses(env)).toThrow('PUBLIC_URL is plain http');
    expect(loadAddresses({ ...env, DEMO: '1', EXPOSE_DEMO: '1' })).toMatchObject({ host: '0.0.0.0' });
  });

  it('refuses an open HOST that does not say how it is reached', () => {
    expect(() => loadAddresses({ HOST: '0.0.0.0' })).toThrow('PUBLIC_URL');
    expect(loadAddresses({ HOST: '0.0.0.0', PUBLIC_URL: 'http://localhost:8080' })).toMatchObject({
      port: 4000,
    });
  });

  it('hides demo accounts from other machines, behind a proxy too, unless told to show them', () => {
    const proxied = { PUBLIC_URL: 'https://roost.example.org', DEMO: '1' };
    expect(() => loadAddresses(proxied)).toThrow('PUBLIC_URL shows other machines');
    expect(() => loadAddresses({ ...proxied, HOST: '::' })).toThrow('HOST shows other machines');
    expect(loadAddresses({ ...proxied, HOST: '::', EXPOSE_DEMO: '1' })).toMatchObject({ host: '::' });
  });

  it.each(['proxy.local', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/x'])(
    'refuses the trusted proxy %s',
    (proxy) => {
      expect(() => loadAddresses({ TRUSTED_PROXIES: proxy })).toThrow('TRUSTED_PROXIES');
    },
  );
});

it('knows the names and addresses of this machine', () => {
  expect(['localhost', 'a.localhost', '127.8.0.1', '::1', '[::1]'].every(isLoopback)).toBe(true);
  expect(['0.0.0.0', '::', '10.0.0.1', 'localhost.example.org', '127.0.0.1.nip.io'].some(isLoopback)).toBe(
    false,
  );
});
