import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { ConfigError, flag, list, loadConfig, port } from './config.ts';

const addressConfig = z.object({
  PUBLIC_URL: z.string().optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(4000),
  TRUSTED_PROXIES: list.default([]),
  WEB_ADDRESS_KEY: z.string().min(32, 'must have 32 characters at least').optional(),
  /** Set by whoever starts the processes: this instance has demo accounts, whose password is in the README. */
  DEMO: flag.default(false),
  EXPOSE_DEMO: flag.default(false),
});

export interface Addresses {
  /** Where people reach this instance: an origin. The one source of links, allowed origins and cookie flags. */
  publicUrl: URL;
  /** What to bind to. */
  host: string;
  port: number;
  /** As browsers write them in `Origin`. */
  allowedOrigins: string[];
  secureCookies: boolean;
  /** Whose `X-Forwarded-For` counts, as CIDR blocks; nobody's unless given. */
  trustedProxies: string[];
  /** What the web signs its clients' addresses with; null where no web is in front. */
  webAddressKey: string | null;
}

/**
 * Where this instance listens and what it calls itself. Throws a `ConfigError` with a sentence per inconsistency:
 * - everything binds to loopback unless HOST says otherwise, and then PUBLIC_URL must be said too;
 * - other machines see demo accounts only with EXPOSE_DEMO, whether through HOST or through a proxy (PUBLIC_URL);
 * - plain http is for loopback, since session cookies would travel readable. The exception is EXPOSE_DEMO: a trial
 *   among colleagues, on an instance whose password is public anyway.
 *
 * With PORT 0 and no PUBLIC_URL, call it again with the port that the system chose.
 */
export function loadAddresses(env: NodeJS.ProcessEnv): Addresses {
  const config = loadConfig(addressConfig, env);
  const faults: string[] = [];

  const publicUrl = parseOrigin(config.PUBLIC_URL ?? `http://localhost:${config.PORT}`);
  const open = !isLoopback(config.HOST);
  if (!publicUrl) {
    faults.push(
      'PUBLIC_URL must be an origin, like https://roost.example.org: http or https, a host, nothing after it.',
    );
  } else {
    const reachable = !isLoopback(publicUrl.hostname);
    if (open && config.PUBLIC_URL === undefined) {
      faults.push(
        `HOST ${config.HOST} opens Roost to other machines: say in PUBLIC_URL under which origin they reach it.`,
      );
    }
    if ((open || reachable) && config.DEMO && !config.EXPOSE_DEMO) {
      faults.push(
        `${open ? 'HOST' : 'PUBLIC_URL'} shows other machines an instance with demo accounts, whose password is public: ` +
          'start with --no-demo on an empty database, or with --expose-demo if that is meant.',
      );
    }
    if (reachable && publicUrl.protocol === 'http:' && !config.EXPOSE_DEMO) {
      faults.push(
        'PUBLIC_URL is plain http on a host that is not this machine: sessions could be read on the way. ' +
          'Use https, with a proxy in front that speaks it.',
      );
    }
  }
  const trustedProxies = config.TRUSTED_PROXIES.map(asCidr);
  if (trustedProxies.includes(undefined)) {
    faults.push(
      'TRUSTED_PROXIES must be addresses or CIDR blocks, separated by commas, like 10.0.0.0/8,::1.',
    );
  }
  if (!publicUrl || faults.length > 0) throw new ConfigError(faults.join('\n'));

  return {
    publicUrl,
    host: config.HOST,
    port: config.PORT,
    allowedOrigins: originsOf(publicUrl, config.PORT),
    secureCookies: publicUrl.protocol === 'https:',
    trustedProxies: trustedProxies.filter((block) => block !== undefined),
    webAddressKey: config.WEB_ADDRESS_KEY ?? null,
  };
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine reaches a host; takes names, addresses, and addresses in brackets. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const version = isIP(bare);
  if (version === 0) return bare === 'localhost' || bare.endsWith('.localhost');
  return loopback.check(bare, version === 6 ? 'ipv6' : 'ipv4');
}

function parseOrigin(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const plain = url.href === `${url.origin}/`;
  return plain && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined;
}

/**
 * This machine has several names, and people type any of them. On it they reach the gateway with its playground, too,
 * when the public origin is that of the web.
 */
function originsOf(publicUrl: URL, gatewayPort: number): string[] {
  if (!isLoopback(publicUrl.hostname)) return [publicUrl.origin];
  const names = new Set([publicUrl.hostname, 'localhost', '127.0.0.1', '[::1]']);
  const origins = [...names].flatMap((name) => {
    const url = new URL(publicUrl);
    url.hostname = name;
    return [url.origin, `http://${name}:${gatewayPort}`];
  });
  return [...new Set(origins)];
}

function asCidr(text: string): string | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  const bits = version === 6 ? 128 : 32;
  if (version === 0 || rest.length > 0) return undefined;
  if (prefix === undefined) return `${address}/${bits}`;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits ? `${address}/${Number(prefix)}` : undefined;
}
