import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadAddresses } from '../platform/process/addresses.ts';
import { ConfigError } from '../platform/process/config.ts';
import { createLog } from '../platform/process/log.ts';
import { serveMetrics } from '../platform/process/metrics.ts';
import { runProcess, type Running } from '../platform/process/run.ts';
import { loadGatewaySettings } from './config.ts';
import { startGateway } from './gateway.ts';
import { remoteSessions } from './remote-sessions.ts';
import { remoteSource } from './remote-source.ts';

// The gateway alone, on any composed supergraph. Its subgraphs are where the supergraph says. One that is ours, so that
// it is told who asks, has its key in <NAME>_ASSERTION_KEY; where there is a key for `user`, clients can be signed in.

const log = createLog('gateway');

const HELP = `npm run gateway -- --supergraph FILE [--port N]

Serves a composed supergraph at /graphql, and takes over changes of the file as they come.
METRICS_PORT shows metrics; <NAME>_ASSERTION_KEY marks a subgraph as one of ours.`;

function argumentsOf(): { supergraph: string; port: string | undefined } {
  const { values } = parseArgs({
    options: { supergraph: { type: 'string' }, port: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    console.log(HELP);
    process.exit();
  }
  if (values.supergraph === undefined) throw new ConfigError(HELP);
  return { supergraph: values.supergraph, port: values.port };
}

async function start(env: NodeJS.ProcessEnv): Promise<Running> {
  const { supergraph: file, port: given } = argumentsOf();
  const addresses = loadAddresses(given === undefined ? env : { ...env, PORT: given });
  const keyOf = (name: string): string | null => {
    const key = env[`${name.toUpperCase().replaceAll('-', '_')}_ASSERTION_KEY`];
    return key === undefined || key === '' ? null : key;
  };

  await using started = new AsyncDisposableStack();
  const supergraphSdl = readFileSync(file, 'utf8');
  const userKey = keyOf('user');
  const userUrl = addressIn(supergraphSdl, 'user');
  const gateway = await startGateway({
    supergraphSdl,
    sourceFor: ({ name, url }) => remoteSource({ name, url, assertionKey: keyOf(name) }),
    sessions:
      userKey === null || userUrl === null ? null : remoteSessions({ url: userUrl, assertionKey: userKey }),
    addresses,
    settings: loadGatewaySettings(env),
  });
  started.defer(() => gateway.stop());
  const metrics = await serveMetrics(env, gateway.expectReady);
  started.defer(() => metrics.close());

  // Polled, because editors and deployments replace a file rather than write into it.
  watchFile(file, { interval: 1_000 }, () => {
    try {
      gateway.swap(readFileSync(file, 'utf8'));
      log.info({ file }, 'runs on the changed supergraph');
    } catch (err) {
      log.error({ err, file }, 'this is no supergraph: the one before stays');
    }
  });
  started.defer(() => unwatchFile(file));

  log.info({ url: `${gateway.url}/graphql` }, 'gateway is up');
  const running = started.move();
  return { stop: () => running.disposeAsync() };
}

/** Where the supergraph says that a subgraph answers; null when it has none of this name. */
function addressIn(supergraphSdl: string, name: string): string | null {
  return new RegExp(`@join__graph\\(name: "${name}", url: "([^"]+)"\\)`).exec(supergraphSdl)?.[1] ?? null;
}

runProcess('gateway', start);
