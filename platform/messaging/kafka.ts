import { createConnection, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Admin,
  type Consumer,
  Kafka,
  type LogEntry,
  logLevel,
  Partitioners,
  type Producer,
} from 'kafkajs';
import type { Logger } from 'pino';
import './idle-connections.ts';
import { OutOfReach } from './out-of-reach.ts';

/** How a process reaches Kafka. */
export interface KafkaOptions {
  brokers: string[];
  /** Shown in the broker's log and quotas. */
  clientId: string;
  /** Put before every topic and group, so that instances can share a cluster; empty for the only one. */
  topicPrefix: string;
}

/** Short, because whoever uses a client starts over with a new one, and says so, when these are used up. */
const retry = {
  initialRetryTime: 100,
  maxRetryTime: 1000,
  retries: 5,
  // What kafkajs cannot mend by rejoining is mended by a new consumer: one way to start, one way to recover.
  restartOnFailure: () => Promise.resolve(false),
};

/** kafkajs' own. */
const KEEP_ALIVE_MS = 60_000;

const connect = ({ brokers, clientId }: KafkaOptions, log: Logger, hangUp?: AbortSignal): Kafka =>
  new Kafka({
    brokers,
    clientId,
    retry,
    socketFactory: ({ host, port, onConnect }) =>
      // Given a signal that was aborted before, Node connects all the same.
      hangUp?.aborted
        ? new Socket().destroy(new OutOfReach('kafka is asked nothing more'))
        : createConnection(
            { host, port, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS, signal: hangUp },
            onConnect,
          ),
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => report(entry, log),
  });

export const createAdmin = (options: KafkaOptions, log: Logger): Admin => connect(options, log).admin();

/** A producer whose own retries double nothing and keep the order. One batch at a time; after a failure take a new one. */
export const createProducer = (options: KafkaOptions, log: Logger): Producer =>
  connect(options, log).producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });

/** How long the broker holds a fetch that finds nothing. Data is answered at once; a stop waits for it at most. */
const MAX_WAIT_MS = 200;

/**
 * Kafka's least. A process that was killed keeps its partitions for so long; handlers do not have to hurry, since
 * heartbeats leave with the fetches.
 */
const SESSION_TIMEOUT_MS = 6000;

/** Members stop fetching to rejoin at once; one that does not in this time is left out. */
const REBALANCE_TIMEOUT_MS = 15_000;

/** @param hangUp closes its connections for good, without a word to the group. kafkajs has no other way out of a join. */
export const createGroupMember = (
  options: KafkaOptions,
  groupId: string,
  log: Logger,
  hangUp?: AbortSignal,
): Consumer =>
  connect(options, log, hangUp).consumer({
    groupId,
    sessionTimeout: SESSION_TIMEOUT_MS,
    heartbeatInterval: SESSION_TIMEOUT_MS / 4,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    maxWaitTimeInMs: MAX_WAIT_MS,
    minBytes: 1,
    allowAutoTopicCreation: false,
    retry,
  });

/**
 * kafkajs calls an error what it then retries: a broker that is away, a coordinator that loads, a group that
 * rebalances. What it gives up it throws, and the relay or the consumer says so. Its errors about offsets and members
 * are worth a line, the rest is for debugging.
 */
function report({ level, namespace, log: { message, ...rest } }: LogEntry, log: Logger): void {
  const routine = level !== logLevel.ERROR || ROUTINE.has(namespace);
  log[routine ? 'debug' : 'warn']({ kafkajs: namespace, ...rest }, message);
}

const ROUTINE = new Set(['Connection', 'BrokerPool', 'Cluster', 'Producer', 'Consumer']);

/** A broker's way to say "soon": a coordinator that loads, a leader that is being chosen. Ask again, and tell nobody. */
export const isSoon = (err: unknown): boolean =>
  err instanceof Error && err.name === 'KafkaJSProtocolError' && 'retriable' in err && err.retriable === true;

const SOON_PAUSE_MS = 100;
const SOON_WITHIN_MS = 10_000;

/** Asks again for as long as the broker says "soon", within reason: right after a topic is made nobody leads it yet. */
export async function whileSoon<T>(ask: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + SOON_WITHIN_MS;
  for (;;) {
    try {
      return await ask();
    } catch (err) {
      if (!isSoon(err) || performance.now() > giveUpAt) throw err;
      await delay(SOON_PAUSE_MS);
    }
  }
}

/** kafkajs was seen to wait for ever on a broker that was just coming up. */
const ANSWER_WITHIN_MS = 15_000;

/** What was asked of Kafka, or a rejection when nothing has come back in time. */
export async function answered<T>(asked: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new OutOfReach('kafka does not answer')), ANSWER_WITHIN_MS);
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
