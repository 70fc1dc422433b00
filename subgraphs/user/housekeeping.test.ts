import { expect, it } from '@jest/globals';
import { pino } from 'pino';
import { startHousekeeping } from './housekeeping.ts';

const log = pino({ level: 'silent' });

it('does one chore after another, also behind one that fails', async () => {
  const done: string[] = [];
  const last = Promise.withResolvers<void>();
  const housekeeping = startHousekeeping(
    {
      first: async () => {
        done.push('first');
        throw new Error('not now');
      },
      second: async () => {
        done.push('second');
        last.resolve();
      },
    },
    log,
  );
  await last.promise;
  await housekeeping.stop();
  expect(done).toEqual(['first', 'second']);
});

it('stops with the chore in hand, however many are left', async () => {
  const inHand = Promise.withResolvers<void>();
  const done: string[] = [];
  const housekeeping = startHousekeeping(
    { first: () => inHand.promise, second: async () => void done.push('second') },
    log,
  );
  const stopped = housekeeping.stop();
  inHand.resolve();
  await stopped;
  expect(done).toEqual([]);
});
