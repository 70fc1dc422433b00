import { expect, it } from '@jest/globals';
import { again } from './again.ts';

const LONG = { everyMs: 3_600_000 };

it('does its work at start and after each rest, one at a time', async () => {
  let underWay = 0;
  let most = 0;
  let done = 0;
  const third = Promise.withResolvers<void>();
  const working = again({ everyMs: 1 }, async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise(setImmediate);
    underWay -= 1;
    done += 1;
    if (done === 3) third.resolve();
  });
  await third.promise;
  await working.stop();
  expect(most).toBe(1);
});

it('does it at once when asked, and once more when it is under way', async () => {
  let begun = 0;
  const [first, second, third] = [0, 1, 2].map(() => Promise.withResolvers<void>());
  const begins = [first, second, third];
  const ends = [0, 1, 2].map(() => Promise.withResolvers<void>());
  const working = again(LONG, async () => {
    begins[begun]?.resolve();
    await ends[begun++]?.promise;
  });
  working.now();
  working.now();
  ends[0]?.resolve();
  await second?.promise;
  ends[1]?.resolve();
  await new Promise(setImmediate);
  expect(begun).toBe(2);
  working.now();
  await third?.promise;
  ends[2]?.resolve();
  await working.stop();
});

it('rests first when told to', async () => {
  let begun = 0;
  const working = again({ ...LONG, restsFirst: true }, async () => void (begun += 1));
  await working.stop();
  expect(begun).toBe(0);
});

it('stops with what is under way', async () => {
  let heard: AbortSignal | undefined;
  const end = Promise.withResolvers<void>();
  const working = again(LONG, async (signal) => {
    heard = signal;
    await end.promise;
  });
  const stopped = working.stop().then(() => 'stopped');
  expect(heard?.aborted).toBe(true);
  expect(await Promise.race([stopped, new Promise((resolve) => setImmediate(resolve, 'under way'))])).toBe(
    'under way',
  );
  end.resolve();
  expect(await stopped).toBe('stopped');
});
