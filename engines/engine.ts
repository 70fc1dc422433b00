/**
 * Terminology
 * - engine: one of the servers that Roost stands on: the Postgres primary, its replica, Redis, Kafka.
 * - keeper: the process that starts the engines, restarts those that die, and stops them last of all.
 * - data folder: `.roost` or the like; holds the engines' data, logs, ports and passwords.
 * - cache folder: `.roost-cache` of the checkout; holds programs that were fetched, for every data folder beside it.
 * - launch: one life of an engine's process, from spawn until it ends.
 */
import type { Command } from './command.ts';

export const engineNames = ['postgres', 'replica', 'redis', 'kafka'] as const;
export type EngineName = (typeof engineNames)[number];

export interface EngineProgress {
  engine: EngineName;
  state: 'given' | 'installing' | 'starting' | 'ready' | 'restarting' | 'stopped';
  detail?: string;
  /** Since the engine began to start; when it restarts, since its last launch ended. */
  elapsedMs: number;
}

export type Report = (state: EngineProgress['state'], detail?: string) => void;

/** What the keeper needs to know of an engine to keep it alive. */
export interface Engine {
  readonly name: EngineName;
  /** Asks the process to end in order, with everything written. */
  readonly stopSignal: NodeJS.Signals;
  /** How long a launch may take to answer; recovery after a crash included. */
  readonly startTimeoutMs: number;
  /**
   * Brings about everything that the launch needs (program, data, configuration, port) and says what to run. Called
   * before every launch; what is there already is left. Rejects with EngineUnavailable when trying again is no use.
   */
  prepare(): Promise<Command>;
  /** Whether it answers a real request. A rejection counts as no. */
  answers(): Promise<boolean>;
  /** Called when two launches in a row failed: throws away what may be the reason and can be had again. */
  mend?(): Promise<void>;
}

/** Why an engine cannot run here: one sentence that a person can act on. */
export class EngineUnavailable extends Error {
  override readonly name = 'EngineUnavailable';
}
