import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { SubgraphSource } from '../gateway/source.ts';

/**
 * Accounts by id, kept in Redis between the gateway and the user subgraph: what docs/decisions/0017-no-entity-cache.md
 * weighed. Cache-aside, per selection; nothing is ever cleared, so that it is as good as such a cache can get.
 */
export const withUserCache = (source: SubgraphSource, redis: Redis, prefix: string): SubgraphSource => ({
  ...source,
  execute: async (operation, call) => {
    const { representations, ...others } = operation.variables ?? {};
    if (!Array.isArray(representations) || /isViewer|viewer/.test(operation.query))
      return await source.execute(operation, call);
    const asked = representations as { id: string }[];
    const selection = createHash('sha1')
      .update(operation.query)
      .update(JSON.stringify(others))
      .digest('base64');
    const keys = asked.map(({ id }) => `${prefix}${selection}:${id}`);
    const found = await redis.mget(keys);
    const missing = asked.filter((_, at) => found[at] === null);
    if (missing.length > 0) {
      const answer = await source.execute(
        { ...operation, variables: { ...others, representations: missing } },
        call,
      );
      const entities = (answer.data?.['_entities'] ?? []) as unknown[];
      const pipeline = redis.pipeline();
      for (const [at, { id }] of missing.entries()) {
        const text = JSON.stringify(entities[at] ?? null);
        found[asked.findIndex((each) => each.id === id)] = text;
        pipeline.set(`${prefix}${selection}:${id}`, text, 'PX', TTL_MS);
      }
      await pipeline.exec();
    }
    const byId = new Map(asked.map(({ id }, at) => [id, found[at]]));
    return { data: { _entities: asked.map(({ id }) => JSON.parse(byId.get(id) ?? 'null') as unknown) } };
  },
});

const TTL_MS = 60_000;
