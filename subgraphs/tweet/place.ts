import type { Id } from '../../platform/ids.ts';
import type { Loaders } from './loaders.ts';
import type { Tweet } from './tweet.ts';

/** Stands where a tweet is not to be seen. It says neither why nor whose it was. */
export interface Tombstone {
  id: Id;
}

/** A place in a thread, or of a quoted tweet. */
export type Place = Tweet | Tombstone;

export const placeOf = async (id: Id, { tweet }: Loaders): Promise<Place> => (await tweet.load(id)) ?? { id };
