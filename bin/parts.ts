import { join } from 'node:path';
import { loadAddresses } from '../platform/process/addresses.ts';
import { flag, loadConfig } from '../platform/process/config.ts';
import { z } from 'zod';
import { root } from './data-folder.ts';
import { scriptOf } from './roles.ts';
import { subgraphs } from './secrets.ts';

/** `one-process`: gateway, subgraphs and workers together. `distributed`: each a process of its own. */
export type Shape = 'one-process' | 'distributed';

/** One of the processes that make up Roost. */
export interface Part {
  /** Its role. */
  name: string;
  /** In the checkout. */
  script: string;
  env: NodeJS.ProcessEnv;
  /** Where it shows its metrics; whether it is ready is at `/health/ready` there. */
  metricsOrigin: string;
  /** Those that face clients stop first, while the others still answer them. */
  facesClients: boolean;
}

/** @param preferred is what it should be where the variable says nothing. Never the same port twice. */
export type PickPort = (variable: string, preferred: number) => Promise<number>;

const FIRST_SUBGRAPH_PORT = 4101;

/** @param told the environment of all of them: the engines, the secrets, and PORT and METRICS_PORT of what faces clients. */
export async function partsOf(shape: Shape, told: NodeJS.ProcessEnv, pickPort: PickPort): Promise<Part[]> {
  // Half of what a process does until it is ready is compiling.
  const env: NodeJS.ProcessEnv = { NODE_COMPILE_CACHE: join(root, '.roost-cache/compiled'), ...told };
  const metricsPort = Number(env['METRICS_PORT']);
  const front = (name: string, more: NodeJS.ProcessEnv = {}): Part => ({
    name,
    script: scriptOf(name),
    env: { ...env, ...more },
    metricsOrigin: `http://127.0.0.1:${metricsPort}`,
    facesClients: true,
  });
  if (shape === 'one-process') return [front('supergraph')];

  const ports: NodeJS.ProcessEnv = {};
  const urls: NodeJS.ProcessEnv = {};
  for (const [at, name] of subgraphs.entries()) {
    const prefix = name.toUpperCase();
    const port = await pickPort(`${prefix}_PORT`, FIRST_SUBGRAPH_PORT + at);
    ports[`${prefix}_PORT`] = String(port);
    urls[`${prefix}_URL`] = `http://127.0.0.1:${port}/graphql`;
  }

  /** What only other processes of this machine ask. */
  const back = async (name: string, more: NodeJS.ProcessEnv = {}): Promise<Part> => {
    const port = await pickPort(`${name.toUpperCase().replaceAll('-', '_')}_METRICS_PORT`, metricsPort + 1);
    const PUBLIC_URL = loadAddresses(env).publicUrl.origin;
    return {
      name,
      script: scriptOf(name),
      env: { ...env, ...more, PUBLIC_URL, HOST: '127.0.0.1', METRICS_PORT: String(port) },
      metricsOrigin: `http://127.0.0.1:${port}`,
      facesClients: false,
    };
  };
  const parts = [front('gateway', urls)];
  for (const name of subgraphs) {
    parts.push(await back(name, ports));
    parts.push(await back(`${name}-worker`));
  }
  if (loadConfig(z.object({ DEMO: flag.default(false) }), env).DEMO) {
    const GATEWAY_METRICS_URL = `http://127.0.0.1:${metricsPort}/metrics`;
    parts.push(await back('crowd', { ...urls, GATEWAY_METRICS_URL }));
  }
  return parts;
}

/** Whether a part says that it can do its work. Rejects when it does not answer. */
export async function isReady({ metricsOrigin }: Part): Promise<boolean> {
  const answer = await fetch(`${metricsOrigin}/health/ready`, { signal: AbortSignal.timeout(5_000) });
  await answer.body?.cancel();
  return answer.ok;
}
