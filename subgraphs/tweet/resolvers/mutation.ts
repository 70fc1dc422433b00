import type { MutationResolvers } from '../schema.generated.ts';
import { keeping } from './keeping.ts';
import { reacting } from './reacting.ts';
import { writing } from './writing.ts';

export const Mutation: MutationResolvers = { ...writing, ...reacting, ...keeping };
