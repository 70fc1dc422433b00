/** `npm run engines`: the engines alone, until Ctrl-C. Standard output is for a shell: `eval "$(…)"`. */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { EngineUnavailable, startEngines } from './engines.ts';
import { printProgress } from './progress.ts';

try {
  const engines = await startEngines({
    dataDir: fileURLToPath(new URL('../.roost', import.meta.url)),
    env: process.env,
    report: printProgress(process.stderr),
  });
  const { databaseUrl, databaseReplicaUrl, redisUrl, kafkaBrokers } = engines.urls;
  console.log(`export DATABASE_URL='${databaseUrl}'
export DATABASE_REPLICA_URL='${databaseReplicaUrl}'
export REDIS_URL='${redisUrl}'
export KAFKA_BROKERS='${kafkaBrokers}'`);
  console.error('The engines run until Ctrl-C.');
  const forever = setInterval(() => undefined, 1 << 30);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  clearInterval(forever);
  await engines.stop();
} catch (error) {
  if (!(error instanceof EngineUnavailable)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
