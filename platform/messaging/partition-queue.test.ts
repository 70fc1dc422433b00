import { expect, it } from '@jest/globals';
import { createPartitionQueue } from './partition-queue.ts';

it('handles one after the other, and tells what is done', async () => {
  const said: string[] = [];
  const { promise: all, resolve } = Promise.withResolvers<void>();
  const queue = createPartitionQueue<number>(
    {
      handle: async (message) => {
        said.push(`begin ${message}`);
        await Promise.resolve();
        said.push(`end ${message}`);
        return true;
      },
      onDone: (message) => {
        said.push(`done ${message}, ${queue.length} left`);
        if (message === 3) resolve();
      },
    },
    Promise.resolve(),
  );
  queue.push([1, 2]);
  queue.push([3]);
  await all;
  expect(said).toEqual([1, 2, 3].flatMap((n) => [`begin ${n}`, `end ${n}`, `done ${n}, ${3 - n} left`]));
});

it('drops what waits when it closes, and a new queue begins when the one in hand is through', async () => {
  const said: string[] = [];
  const { promise: inHand, resolve: letGo } = Promise.withResolvers<void>();
  const work = (name: string) => ({
    handle: async (message: number, signal: AbortSignal) => {
      await inHand;
      said.push(`${name} ${message}${signal.aborted ? ', told to close' : ''}`);
      return true;
    },
    onDone: () => undefined,
  });
  const former = createPartitionQueue(work('former'), Promise.resolve());
  former.push([1, 2]);
  await Promise.resolve();
  const closed = former.close();
  const latter = createPartitionQueue(work('latter'), closed);
  latter.push([1]);
  letGo();
  await closed;
  await latter.close();
  expect(said).toEqual(['former 1, told to close', 'latter 1, told to close']);
});
