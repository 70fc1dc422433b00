import { expect, it } from '@jest/globals';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../bin/data-folder.ts';
import { summary } from './profile.ts';

const frame = (id: number, functionName: string, path: string) => ({
  id,
  callFrame: { functionName, url: path.startsWith('/') ? pathToFileURL(join(root, path)).href : path },
});

it('tells areas and functions by their own time, in parts of the time that was not idle', () => {
  const nodes = [
    frame(1, '(idle)', ''),
    frame(2, 'plan', '/gateway/planner.ts'),
    frame(3, '', '/node_modules/@apollo/gateway/dist/index.js'),
    frame(4, 'byIds', '/subgraphs/tweet/tweet-store.ts'),
  ];
  const lines = summary({ nodes, samples: [1, 2, 3, 3, 4], timeDeltas: [500, 100, 150, 150, 100] });
  expect(lines).toEqual([
    'busy 50.0 % of the time, of which by area:',
    '  @apollo/gateway   60.0 %',
    '  gateway           20.0 %',
    '  subgraphs/tweet   20.0 %',
    'and by function:',
    '  (anonymous), @apollo/gateway   60.0 %',
    '  plan, gateway                  20.0 %',
    '  byIds, subgraphs/tweet         20.0 %',
  ]);
});
