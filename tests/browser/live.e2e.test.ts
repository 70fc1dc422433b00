import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { join, type Person } from '../person.ts';
import { until } from '../until.ts';
import { arrive, loadsOf, tweetSaying } from './look.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  stage = await startStage();
}, 120_000);
beforeEach(async () => {
  [ada, bob] = await Promise.all([join(stage.supergraph, 'ada'), join(stage.supergraph, 'bob')]);
  await bob.follow(ada);
  await ada.post('It begins');
});
afterEach(() => stage.clear());
afterAll(() => stage.close(), 60_000);

it('shows in one browser what another posts, once and without a reload', async () => {
  const [writer, reader] = await Promise.all([stage.window({ as: ada }), stage.window({ as: bob })]);
  await Promise.all([arrive(writer, '/'), arrive(reader, '/')]);
  await tweetSaying(reader, 'It begins').waitFor();
  const loads = loadsOf(reader);

  await writer.getByRole('main').getByText('What did you notice?').click();
  await writer.getByRole('textbox', { name: 'Tweet text' }).fill('Seen from next door');
  await writer.getByRole('main').getByRole('button', { name: 'Post', exact: true }).click();

  await Promise.all([reader, writer].map((page) => tweetSaying(page, 'Seen from next door').waitFor()));
  await ada.post('And the last one');
  await Promise.all([reader, writer].map((page) => tweetSaying(page, 'And the last one').waitFor()));
  for (const page of [reader, writer]) expect(await tweetSaying(page, 'Seen from next door').count()).toBe(1);
  expect(loads()).toBe(0);
});

it('says when the gateway is gone, comes back to it, and has missed nothing', async () => {
  const reader = await stage.window({ as: bob });
  await arrive(reader, '/');
  const status = reader.getByRole('status').filter({ hasText: 'Reconnecting' });
  await until('it is live', async () => {
    await ada.post('Are you there?');
    return (await tweetSaying(reader, 'Are you there?').count()) > 0;
  });
  const loads = loadsOf(reader);

  await stage.supergraph.kill('SIGKILL');
  await status.waitFor();
  await stage.supergraph.start();
  await ada.post('Posted meanwhile');
  await status.waitFor({ state: 'detached' });
  await tweetSaying(reader, 'Posted meanwhile').waitFor();
  await ada.post('Posted afterwards');
  await tweetSaying(reader, 'Posted afterwards').waitFor();

  for (const text of ['Posted meanwhile', 'Posted afterwards'])
    expect(await tweetSaying(reader, text).count()).toBe(1);
  expect(loads()).toBe(0);
}, 120_000);
