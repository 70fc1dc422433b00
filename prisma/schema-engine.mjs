#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Stands in for Prisma's native schema engine, which has to be downloaded:
//   PRISMA_SCHEMA_ENGINE_BINARY=prisma/schema-engine.mjs prisma migrate status
// It is the same engine, as Prisma publishes it for WebAssembly, spoken to as the CLI speaks to the binary: arguments,
// then JSON-RPC by lines on stdin and stdout, its log as JSON by lines on stderr. status, deploy, resolve and diff are
// known to work. See docs/decisions/0004-prisma-offline.md.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import { SchemaEngine, version } from '@prisma/schema-engine-wasm';
import pg from 'pg';

// Where the engine leaves the words of a Rust panic, before it traps.
let panic;
globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => (panic = message) };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    datasource: { type: 'string', default: '{}' },
    datamodels: { type: 'string', multiple: true, default: [] },
    version: { type: 'boolean' },
  },
});
const { url } = JSON.parse(values.datasource);

/** Types of Postgres' catalogue that the adapter has no names for; the native engine reads them as text. */
const CATALOGUE_TYPES = new Set([22, 24, 27, 28, 30, 194, 2202, 2205, 2206]);
const CHAR = 18;
const TEXT = 25;
const CHAR_ARRAY = 1002;
const NAME_ARRAY = 1003;
const TEXT_ARRAY = 1009;

/** One connection, so that the engine's advisory lock is held by the session that migrates. */
class EnginePool extends pg.Pool {
  constructor(connectionString) {
    super({ connectionString, max: 1 });
  }

  async query(...query) {
    const result = await super.query(...query);
    for (const field of [result].flat().flatMap(({ fields }) => fields ?? []))
      field.dataTypeID = typeForAdapter(field.dataTypeID);
    return result;
  }
}

function typeForAdapter(oid) {
  if (CATALOGUE_TYPES.has(oid)) return TEXT;
  if (oid === CHAR_ARRAY || oid === NAME_ARRAY) return TEXT_ARRAY;
  // The adapter knows no single "char". Its array has a name that is free now: `asEngineExpects` turns it back.
  return oid === CHAR ? CHAR_ARRAY : oid;
}

function asEngineExpects(adapter) {
  const { queryRaw } = adapter;
  return Object.assign(adapter, {
    async queryRaw(query) {
      const result = await queryRaw.call(adapter, query);
      const { Character, CharacterArray } = ColumnTypeEnum;
      const columnTypes = result.columnTypes.map((type) => (type === CharacterArray ? Character : type));
      return { ...result, columnTypes };
    },
    /** The whole script as one query, as the binary does: the adapter would cut it at each semicolon, also in $$ bodies. */
    async executeScript(script) {
      await adapter
        .underlyingDriver()
        .query(script)
        .catch((error) => adapter.onError(error));
    },
  });
}

class EngineAdapters {
  provider = 'postgres';
  adapterName = '@prisma/adapter-pg';
  #url;

  constructor(connectionString) {
    this.#url = connectionString;
  }

  async connect() {
    return asEngineExpects(
      await new PrismaPg(new EnginePool(this.#url), { disposeExternalPool: true }).connect(),
    );
  }

  /** A database in which the engine replays migrations: `diff --from-migrations` needs it. Dropped when disposed. */
  async connectToShadowDb() {
    const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
    await createDatabase(name);
    const adapter = await new EngineAdapters(onDatabase(this.#url, name)).connect();
    const { dispose } = adapter;
    return Object.assign(adapter, {
      dispose: async () => {
        await dispose.call(adapter);
        await maintain(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
      },
    });
  }
}

/** What the CLI asks before it starts the engine: whether the database is there, and to create it. */
async function runCommand(command) {
  try {
    if (command === 'can-connect-to-database') await withClient(url, (client) => client.query('SELECT 1'));
    else if (command === 'create-database') await createDatabase(nameOf(url));
    else throw new Error(`This engine knows no command ${command}`);
  } catch (error) {
    const code = { '3D000': 'P1003', '42P04': 'P1009', '28P01': 'P1000' }[error.code] ?? 'P1001';
    logError(error.message, { is_panic: false, error_code: code });
    process.exitCode = 1;
  }
}

async function answerCalls() {
  const models = values.datamodels.map((path) => [path, readFileSync(path, 'utf8')]);
  const adapters = bindMigrationAwareSqlAdapterFactory(new EngineAdapters(url));
  const engine = await SchemaEngine.new(
    { datamodels: models.length > 0 ? models : undefined },
    () => {},
    adapters,
  );
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line);
    try {
      const result = await engine[method](params);
      // The binary prints this itself and the CLI listens for it; the wasm build returns it.
      if (method === 'diff') send({ id: 0, method: 'print', params: { content: result.stdout ?? '' } });
      send({ id, result: result ?? null });
    } catch (error) {
      if (panic !== undefined) {
        logError(panic, { is_panic: true });
        process.exit(101);
      }
      const data = {
        is_panic: false,
        message: error.message,
        meta: error.meta ?? null,
        error_code: error.code ?? null,
      };
      send({
        id,
        error: { code: 4466, message: 'An error happened. Check the data field for details.', data },
      });
    }
  }
  process.exit();
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

/** The CLI passes over the first line, where the binary greets. */
function logError(message, fields) {
  const entry = { level: 'ERROR', fields: { message, ...fields }, target: 'schema_engine::logger' };
  process.stderr.write(`\n${JSON.stringify(entry)}\n`);
}

async function createDatabase(name) {
  await maintain(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
}

/** Runs what cannot run inside the database that it is about. */
async function maintain(sql) {
  await withClient(onDatabase(url, 'postgres'), (client) => client.query(sql));
}

async function withClient(connectionString, use) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

function nameOf(databaseUrl) {
  return decodeURIComponent(new URL(databaseUrl).pathname.slice(1));
}

function onDatabase(databaseUrl, name) {
  const changed = new URL(databaseUrl);
  changed.pathname = `/${encodeURIComponent(name)}`;
  return changed.href;
}

if (values.version) console.log(`schema-engine-cli ${version()}`);
else if (positionals[0] === 'cli') await runCommand(positionals[1]);
else await answerCalls();
