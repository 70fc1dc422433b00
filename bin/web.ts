import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { loadConfig, port, url } from '../platform/process/config.ts';
import { createLog } from '../platform/process/log.ts';
import { runProcess } from '../platform/process/run.ts';
import { startWeb, type Pages } from '../web/server/server.ts';
import { root } from './data-folder.ts';

const config = z.object({
  HOST: z.string().default('127.0.0.1'),
  WEB_PORT: port.default(3000),
  PUBLIC_URL: url('http', 'https').optional(),
  GATEWAY_URL: url('http', 'https').default('http://127.0.0.1:4000'),
  WEB_ADDRESS_KEY: z.string().min(32, 'must have 32 characters at least').optional(),
  /** With `development` pages are built as they are asked for, and again when they change. */
  NODE_ENV: z.string().optional(),
});

type NextServer = (options: {
  dev: boolean;
  dir: string;
  hostname: string;
  port: number;
  httpServer: Server;
}) => Pages;

const log = createLog('web');

/** The web client as a process of its own: pages, and the gateway on the same origin. */
runProcess('web', async (env) => {
  const { HOST, WEB_PORT, PUBLIC_URL, GATEWAY_URL, WEB_ADDRESS_KEY, NODE_ENV } = loadConfig(config, env);
  const dev = NODE_ENV === 'development';
  // Read by Next and React while they load, and by the pages.
  Object.assign(process.env, {
    NODE_ENV: dev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    GATEWAY_URL,
  });
  const next = createRequire(import.meta.url)('next') as NextServer;
  const web = await startWeb({
    pages: (httpServer) => next({ dev, dir: join(root, 'web'), hostname: HOST, port: WEB_PORT, httpServer }),
    host: HOST,
    port: WEB_PORT,
    publicUrl: new URL(PUBLIC_URL ?? `http://localhost:${WEB_PORT}`),
    gatewayUrl: GATEWAY_URL,
    addressKey: WEB_ADDRESS_KEY,
    dev,
  });
  log.debug({ port: WEB_PORT }, 'web is up');
  return web;
});
