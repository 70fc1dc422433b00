import { z } from 'zod';
import { flag, loadConfig, url } from '../platform/process/config.ts';
import { rateLimitScale } from '../platform/rate-limiter.ts';

const count = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'must be a whole number above 0')
  .transform(Number);

const gatewayConfig = z.object({
  REDIS_URL: url('redis', 'rediss').optional(),
  REDIS_KEY_PREFIX: z.string().default(''),
  RATE_LIMIT_SCALE: rateLimitScale,
  INTROSPECTION: flag.default(true),
  PERSISTED_OPERATIONS: z.string().optional(),
  ONLY_PERSISTED_OPERATIONS: flag.default(false),
  DEMO: flag.default(false),
  /** Generous: a whole office may have one address. */
  SOCKETS_PER_ADDRESS: count.default(200),
  SOCKETS_PER_VIEWER: count.default(50),
  /** Whoever has a network of IPv6 has thousands of addresses. */
  SOCKETS_PER_GATEWAY: count.default(20_000),
});

/** What every gateway can be told, whatever its supergraph. */
export interface GatewaySettings {
  /** Where budgets are counted and queries kept for all gateways; null where this one does so for itself. */
  redisUrl: string | null;
  redisKeyPrefix: string;
  /** See `rateLimitScale`. */
  rateLimitScale: number;
  /** Whether clients may ask for the schema. */
  introspection: boolean;
  /** File of operations that clients may name by an id; null when there are none. */
  persistedOperations: string | null;
  /** Whether nothing else is answered. */
  onlyPersistedOperations: boolean;
  /** Whether there are demo people, whom the playground offers to sign in as. */
  demo: boolean;
  socketsPerAddress: number;
  socketsPerViewer: number;
  socketsPerGateway: number;
}

export function loadGatewaySettings(env: NodeJS.ProcessEnv): GatewaySettings {
  const told = loadConfig(gatewayConfig, env);
  return {
    redisUrl: told.REDIS_URL ?? null,
    redisKeyPrefix: told.REDIS_KEY_PREFIX,
    rateLimitScale: told.RATE_LIMIT_SCALE,
    introspection: told.INTROSPECTION,
    persistedOperations: told.PERSISTED_OPERATIONS ?? null,
    onlyPersistedOperations: told.ONLY_PERSISTED_OPERATIONS,
    demo: told.DEMO,
    socketsPerAddress: told.SOCKETS_PER_ADDRESS,
    socketsPerViewer: told.SOCKETS_PER_VIEWER,
    socketsPerGateway: told.SOCKETS_PER_GATEWAY,
  };
}
