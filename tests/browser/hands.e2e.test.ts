import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Locator, Page, Request, Route } from 'playwright-core';
import { join } from '../person.ts';
import { until } from '../until.ts';
import { arrive, hydrated, tweetSaying } from './look.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
}, 120_000);
afterEach(() => stage.clear());
afterAll(() => stage.close(), 60_000);

/** Whether what has the focus looks other than without it: itself, or what it stands in. */
const focusShows = (page: Page) =>
  page.evaluate<boolean>(`(() => {
    const focused = document.activeElement;
    const around = [focused];
    while (around.length < 5 && around.at(-1).parentElement) around.push(around.at(-1).parentElement);
    const looks = () => around.map((element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return [outlineStyle, outlineWidth, boxShadow].join(' ');
    }).join();
    const seen = looks();
    focused.blur();
    const unseen = looks();
    focused.focus();
    return seen !== unseen;
  })()`);

/** Presses Tab until something has the focus. Rejects when the focus was somewhere on the way and did not show. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor();
  for (let presses = 0; presses < 50; presses += 1) {
    if ((await wanted.and(page.locator(':focus')).count()) > 0) return;
    await page.keyboard.press('Tab');
    if ((await page.locator(':focus').count()) > 0 && !(await focusShows(page)))
      throw new Error(`The focus does not show on ${await page.locator(':focus').innerHTML()}`);
  }
  throw new Error(`Tab does not lead to ${String(wanted)}`);
}

it('takes somebody from the front door to a first tweet by the keyboard alone', async () => {
  const page = await stage.window();
  await arrive(page, '/');
  await tabTo(page, page.getByRole('main').getByRole('link', { name: 'Make an account' }));
  await page.keyboard.press('Enter');

  await page.getByRole('textbox', { name: 'Username' }).waitFor();
  await hydrated(page);
  const typed = { Name: 'Keys Only', Username: 'keys_only', Email: 'keys@example.com' };
  for (const [name, text] of Object.entries(typed)) {
    await tabTo(page, page.getByRole('textbox', { name, exact: true }));
    await page.keyboard.type(text);
  }
  await tabTo(page, page.getByLabel('Password', { exact: true }));
  await page.keyboard.type('no mouse was needed');
  await page.keyboard.press('Enter');

  const row = page.getByRole('main').getByRole('button', { name: 'What did you notice?' });
  await row.waitFor();
  await hydrated(page);
  await tabTo(page, row);
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('textbox', { name: 'Tweet text' }));
  await page.keyboard.type('Typed, never clicked');
  await tabTo(page, page.getByRole('main').getByRole('button', { name: 'Post', exact: true }));
  await page.keyboard.press('Enter');
  await tweetSaying(page, 'Typed, never clicked').getByText('Keys Only').waitFor();
});

it('posts no tweet of more than 280 characters, as they weigh', async () => {
  const ada = await join(stage.supergraph, 'ada');
  const page = await stage.window({ as: ada });
  await arrive(page, '/');
  await page.getByRole('main').getByText('What did you notice?').click();
  const words = page.getByRole('textbox', { name: 'Tweet text' });
  const post = page.getByRole('main').getByRole('button', { name: 'Post', exact: true });
  await until('nothing cannot be posted', () => post.isDisabled());
  // An ideograph weighs two.
  await words.fill('鳥'.repeat(140));
  await until('280 can be posted', () => post.isEnabled());
  await words.fill(`${'鳥'.repeat(140)}!`);
  await until('281 cannot', () => post.isDisabled());
  await page.getByRole('status').filter({ hasText: '1 characters too many' }).waitFor({ state: 'attached' });
});

const isLike = (request: Request): boolean => /"operationName":"LikeTweet"/.test(request.postData() ?? '');

/** Holds the likes that a page sends until `go` says what becomes of them. */
async function holdLikes(page: Page): Promise<{ go: (then: (route: Route) => Promise<void>) => void }> {
  const { promise, resolve } = Promise.withResolvers<(route: Route) => Promise<void>>();
  await page.route('**/graphql', async (route) => {
    if (isLike(route.request())) await (await promise)(route);
    else await route.continue();
  });
  return { go: resolve };
}

async function tweetToLike() {
  const [author, fan] = await Promise.all([join(stage.supergraph, 'ada'), join(stage.supergraph, 'fan')]);
  await author.post('Do you like it?');
  await stage.replicated();
  const page = await stage.window({ as: fan });
  await arrive(page, `/@${author.username}`);
  const tweet = tweetSaying(page, 'Do you like it?');
  const like = (name: string, pressed: boolean) => tweet.getByRole('button', { name, exact: true, pressed });
  return { page, like };
}

it('shows a like before it is saved, and keeps it', async () => {
  const { page, like } = await tweetToLike();
  const held = await holdLikes(page);
  await like('Like', false).click();
  await like('Like, 1', true).waitFor();

  const answered = page.waitForResponse((response) => isLike(response.request()));
  held.go((route) => route.continue());
  expect((await answered).status()).toBe(200);
  await page.reload();
  await like('Like, 1', true).waitFor();
});

it('takes a like back that could not be saved, and says so', async () => {
  const { page, like } = await tweetToLike();
  const held = await holdLikes(page);
  await like('Like', false).click();
  await like('Like, 1', true).waitFor();

  held.go((route) => route.fulfill({ status: 503, json: { errors: [{ message: 'No.' }] } }));
  await like('Like', false).waitFor();
  await page.locator('.toast').filter({ hasText: 'Like not saved' }).waitFor();
});
