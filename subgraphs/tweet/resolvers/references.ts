import type { Id } from '../../../platform/ids.ts';
import { globalId } from '../../global-id.ts';

// What other types are to those who only refer to them.

export const userOf = (id: Id) => ({ id: globalId('user', id) });
export const hashtagOf = (name: string) => ({ id: globalId('hashtag', name), name });
