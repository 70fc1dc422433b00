import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasApt, installPackages, isRoot } from './apt.ts';
import { reasonOf, run } from './command.ts';
import { cached, type DataFolder } from './data-folder.ts';
import { type Engine, EngineUnavailable, type Report } from './engine.ts';
import { findJava, oldestJava } from './java.ts';
import { kafkaAnswers } from './kafka-ready.ts';
import { copyDependencies, hasMaven } from './maven.ts';

const version = '4.1.1';
const pom = join(import.meta.dirname, 'kafka', 'pom.xml');
const log4j = join(import.meta.dirname, 'kafka', 'log4j2.properties');

/** Measured: 172 MB resident, ready in 2.5 s. */
const smallJvm = [
  '-Xms96m',
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:ReservedCodeCacheSize=64m',
  '-XX:+ExitOnOutOfMemoryError',
  '-Xshare:auto',
  '-Djava.awt.headless=true',
  '-Djava.net.preferIPv4Stack=true',
];

export interface KafkaEngine extends Engine {
  /** Of the launch that was prepared last. */
  url(): string;
}

/** One Kafka node, broker and controller in one, for this machine only. */
export function kafkaEngine(
  folder: DataFolder,
  cacheDir: string,
  report: Report,
  stopping: AbortSignal,
): KafkaEngine {
  const home = join(folder.path, 'kafka');
  const config = join(home, 'server.properties');
  let port = 0;
  const url = () => `127.0.0.1:${port}`;

  /** Java and the broker's jars, fetched when they are missing. */
  async function program(): Promise<{ java: string; classPath: string }> {
    const jars = join(cacheDir, `kafka-${version}`);
    const java = () => findJava(process.env);
    const isMissing = () => java() === null || (!existsSync(jars) && !hasMaven());
    if (isMissing() && isRoot() && hasApt()) await installJava(report);
    const found = java();
    if (found === null || isMissing()) throw new EngineUnavailable(whatToInstall(found === null));
    const copy = async (into: string) => {
      report('installing', `Kafka ${version} from Maven Central`);
      await copyDependencies(pom, into, stopping).catch((error: unknown) => {
        throw new EngineUnavailable(
          `Kafka ${version} could not be fetched from Maven Central (${reasonOf(error)}): go online once, or set KAFKA_BROKERS to one that runs.`,
        );
      });
    };
    return { java: found, classPath: join(await cached(cacheDir, `kafka-${version}`, copy), '*') };
  }

  return {
    name: 'kafka',
    stopSignal: 'SIGTERM',
    startTimeoutMs: 120_000,
    url,
    async prepare() {
      const { java, classPath } = await program();
      port = await folder.port('kafka');
      const controllerPort = await folder.port('kafka-controller');
      const logs = join(home, 'logs');
      await mkdir(logs, { recursive: true, mode: 0o700 });
      await writeFile(config, configuration(logs, port, controllerPort));
      if (!existsSync(join(logs, 'meta.properties'))) {
        const clusterId = randomBytes(16).toString('base64url');
        const format = [
          'kafka.tools.StorageTool',
          'format',
          '--ignore-formatted',
          // in one, since one of 64 begins with a dash
          `--cluster-id=${clusterId}`,
          '-c',
          config,
        ];
        await run({ file: java, args: [...smallJvm, '-cp', classPath, ...format] }, stopping);
      }
      const logging = `-Dlog4j2.configurationFile=${log4j}`;
      return { file: java, args: [...smallJvm, logging, '-cp', classPath, 'kafka.Kafka', config] };
    },
    answers: () => kafkaAnswers(url()),
  };
}

async function installJava(report: Report): Promise<void> {
  const choices =
    findJava(process.env) === null
      ? ['openjdk-21-jre-headless', 'openjdk-17-jre-headless', 'openjdk-25-jre-headless']
      : [];
  const others = hasMaven() ? [] : ['maven'];
  await installPackages(choices, others, (names) =>
    report('installing', `${names.join(' and ')}, by apt`),
  ).catch((error: unknown) => {
    throw new EngineUnavailable(
      `apt could not install what Kafka needs (${reasonOf(error)}): install a JDK ${oldestJava} or newer and Maven, or set KAFKA_BROKERS.`,
    );
  });
}

function whatToInstall(java: boolean): string {
  const what = java ? `Java ${oldestJava} or newer and Maven` : 'Maven';
  return `Kafka needs ${what}: install them (Debian: apt-get install default-jre-headless maven, macOS: brew install openjdk maven), or set KAFKA_BROKERS to a broker that runs.`;
}

/**
 * The voters are static, so the controller may move to another port: a dynamic quorum would remember the old one in
 * its own log.
 */
const configuration = (logs: string, port: number, controllerPort: number) => `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs=${logs}
auto.create.topics.enable=false
default.replication.factor=1
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=2
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
# a killed broker is let in again only when the session of its former life is over; 9 s by default
broker.session.timeout.ms=6000
broker.heartbeat.interval.ms=1000
num.network.threads=2
num.io.threads=2
background.threads=2
log.cleaner.threads=1
# a map of 128 MB, by default half of our heap
log.cleaner.dedupe.buffer.size=4194304
log.segment.bytes=67108864
# what a topic does not say itself; offsets outlive it, so that a checkout left alone for weeks goes on where it was
log.retention.hours=168
offsets.retention.minutes=43200
`;
