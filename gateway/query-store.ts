import { BoundedMap } from '../platform/bounded-map.ts';
import { PatientRedis } from '../platform/patient-redis.ts';
import { createLog } from '../platform/process/log.ts';

/** Texts that clients sent once and name by their hash from then on: automatic persisted queries. */
export interface QueryStore {
  /** Undefined for what is not kept: its client sends it anew. */
  get(hash: string): Promise<string | undefined>;
  set(hash: string, text: string): Promise<void>;
  close(): void;
}

/** A longer one is sent whole each time. The largest of our client has 9 kB. */
const LONGEST = 20_000;
/** In this process, in characters. */
const TEXT_KEPT = 2_000_000;
/** In Redis, for all gateways: 100 MB at the very most. The one that was sent longest ago makes room. */
const QUERIES_KEPT = 5_000;
/** After the last use. */
const KEPT_S = 86_400;

/** A look-up that takes longer is not worth it: the client has the text. */
const REDIS_TIMEOUT_MS = 250;

const log = createLog('gateway');

/** @param redis null where there is none: queries are then kept in this process. */
export function createQueryStore(redis: { url: string; keyPrefix: string } | null): QueryStore {
  const here = new BoundedMap<string, string>(TEXT_KEPT, (text) => text.length);
  const shared = redis === null ? null : createShared(redis.url, redis.keyPrefix);
  const tried = async <Result>(attempt: (() => Promise<Result>) | null): Promise<Result | undefined> => {
    try {
      return await attempt?.();
    } catch (err) {
      log.debug({ err }, 'queries are kept by this process alone');
      return undefined;
    }
  };

  return {
    get: async (hash) => {
      if (!/^[0-9a-f]{64}$/.test(hash)) return undefined;
      const known = here.get(hash) ?? (await tried(shared && (() => shared.get(hash))));
      if (known === undefined || known === null) return undefined;
      here.set(hash, known);
      return known;
    },
    set: async (hash, text) => {
      if (text.length > LONGEST) return;
      here.set(hash, text);
      await tried(shared && (() => shared.set(hash, text)));
    },
    close: () => shared?.close(),
  };
}

function createShared(url: string, keyPrefix: string) {
  const redis = new PatientRedis(url, {
    connectionName: 'persisted queries',
    commandTimeout: REDIS_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    disconnectTimeout: 100,
  });
  redis.on('error', (err) => log.debug({ err }, 'redis is out of reach'));
  const keyOf = (hash: string) => `${keyPrefix}query:${hash}`;
  /** Their hashes by when they were sent. */
  const all = `${keyPrefix}queries`;

  return {
    get: (hash: string) => redis.getex(keyOf(hash), 'EX', KEPT_S),
    set: async (hash: string, text: string) => {
      await redis.set(keyOf(hash), text, 'EX', KEPT_S);
      await redis.zadd(all, Date.now(), hash);
      const tooMany = (await redis.zcard(all)) - QUERIES_KEPT;
      if (tooMany <= 0) return;
      const oldest = await redis.zpopmin(all, tooMany);
      // Each is followed by its score.
      await redis.del(oldest.filter((_, at) => at % 2 === 0).map(keyOf));
    },
    close: () => redis.disconnect(),
  };
}
