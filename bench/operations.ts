import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bin/data-folder.ts';

const saved = (name: string) => readFileSync(join(root, 'gateway/playground/operations', name), 'utf8');

/** What the playground has people run, word for word: so that what is measured is what they see. */
export const HOME = saved('2-home.graphql');
export const POST = saved('3-post.graphql');
export const HOME_LIVE = saved('4-home-live.graphql');
