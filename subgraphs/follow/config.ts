import { z } from 'zod';
import { list, url } from '../../platform/process/config.ts';

export const followWorkerConfig = z.object({
  FOLLOW_DATABASE_URL: url('postgres', 'postgresql'),
  KAFKA_BROKERS: list,
  KAFKA_TOPIC_PREFIX: z.string().default(''),
});

/** What the follow subgraph is told by its environment. */
export const followConfig = z.object({
  FOLLOW_DATABASE_URL: url('postgres', 'postgresql'),
  FOLLOW_DATABASE_REPLICA_URL: url('postgres', 'postgresql').optional(),
});
