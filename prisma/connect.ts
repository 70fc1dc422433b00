import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './client/client.ts';

export interface ConnectPrismaOptions {
  connectionString: string;
  /** Connections of the pool that Prisma keeps for itself. */
  max?: number;
}

/** For ordinary queries; the few hot ones go through `pg` prepared statements. Connects with the first query. */
export function connectPrisma({ connectionString, max = 5 }: ConnectPrismaOptions): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString, max }) });
}
