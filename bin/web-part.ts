import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './data-folder.ts';
import { buildWeb } from './generated.ts';
import type { Part } from './parts.ts';
import { choosePort } from './ports.ts';

/** How the web client runs: built once, or page by page while one works on it. */
export type WebMode = 'built' | 'dev';

/**
 * The web client as one of the processes of an instance.
 * @param env with WEB_PORT, PORT and HOST; no secrets but the one that it shares with the gateway.
 */
export function webPart(env: NodeJS.ProcessEnv, mode: WebMode): Part {
  const here = nameOf(env['HOST'] ?? '127.0.0.1');
  return {
    name: 'web',
    script: 'bin/web.ts',
    env: {
      ...env,
      GATEWAY_URL: `http://${here}:${env['PORT']}`,
      NODE_ENV: mode === 'dev' ? 'development' : 'production',
    },
    // It shows no metrics; its health is where it listens.
    metricsOrigin: `http://${here}:${env['WEB_PORT']}`,
    facesClients: true,
  };
}

/** The operations that the client was built with, for a gateway that nobody told of others; null before there is one. */
export function webOperations(): string | null {
  const file = join(root, 'web/graphql.generated/persisted-documents.json');
  return existsSync(file) ? file : null;
}

/** What WEB_PORT asks for or the next free one, and the other variables that web and gateway must agree on. */
export async function chooseWebAddress(env: NodeJS.ProcessEnv, host: string, given: ReadonlySet<number>) {
  const port = await choosePort('WEB_PORT', env['WEB_PORT'], host, 3000, given);
  if (!env['WEB_PORT'] && port !== 3000) console.log(`Port 3000 is in use, so the web takes ${port}.`);
  return {
    WEB_PORT: String(port),
    // Of no use to anybody once both have stopped.
    WEB_ADDRESS_KEY: env['WEB_ADDRESS_KEY'] || randomBytes(32).toString('base64url'),
    // Other machines reach it by the name that was given.
    PUBLIC_URL: env['PUBLIC_URL'] || `http://localhost:${port}`,
  };
}

/** Builds the client unless that was done since its sources changed. Resolves with what it did. */
export async function builtWeb(mode: WebMode, signal: AbortSignal): Promise<string> {
  if (mode === 'dev') return 'page by page, as they are asked for';
  return (await buildWeb('.next', signal)) ? 'built' : 'unchanged since it was built';
}

/** What this machine calls what listens on `host`. */
function nameOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
