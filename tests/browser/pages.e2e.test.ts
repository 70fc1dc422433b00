import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { DEMO_PASSWORD, DEMO_USERNAME } from '../../demo/account.ts';
import { join, type Person } from '../person.ts';
import { faultsOf, seriousFindings } from './findings.ts';
import { arrive, tweetSaying } from './look.ts';
import { startStage, type Stage } from './stage.ts';

const HOSTILE = `<script>window.ran = 1</script> <img src=x onerror="window.ran = 1"> javascript:alert(1) & so on`;
const ada = { username: DEMO_USERNAME, password: DEMO_PASSWORD };

let stage: Stage;
let writer: Person;
let hostileId: string;
let threadId: string;

beforeAll(async () => {
  stage = await startStage();
  writer = await join(stage.supergraph, 'writer');
  threadId = await writer.post('A tweet that everybody may read');
  await writer.post('And an answer', { inReplyTo: threadId });
  hostileId = await writer.post(HOSTILE);
  await stage.replicated();
}, 120_000);
afterEach(() => stage.clear());
afterAll(() => stage.close(), 60_000);

describe('without any script', () => {
  const rawHtml = async (path: string, cookie = '') => {
    const response = await fetch(`${stage.origin}${path}`, { headers: { cookie } });
    return { status: response.status, html: await response.text() };
  };
  const tweetsIn = (html: string) => new Set(html.match(/<article[^>]* data-tweet="[^"]+"/g)).size;

  it('home holds the newest tweets of whoever is signed in', async () => {
    const page = await stage.window({ as: ada });
    const cookies = await page.context().cookies();
    const { html } = await rawHtml('/', cookies.map(({ name, value }) => `${name}=${value}`).join('; '));
    expect(tweetsIn(html)).toBeGreaterThanOrEqual(10);
  });

  it('a profile and a thread can be read by somebody signed out', async () => {
    const profile = await rawHtml(`/@${writer.username}`);
    expect(profile.html).toContain('>A tweet that everybody may read<');
    const thread = await rawHtml(`/tweets/${threadId}`);
    expect(thread.html).toContain('>A tweet that everybody may read<');
    expect(thread.html).toContain('>And an answer<');
    expect([profile.status, thread.status]).toEqual([200, 200]);
  });

  it('no markup of a tweet is markup of the page', async () => {
    const { html } = await rawHtml(`/tweets/${hostileId}`);
    expect(html).toContain('&lt;script&gt;window.ran = 1&lt;/script&gt;');
    expect(html).not.toContain('<script>window');
    expect(html).not.toContain('<img src=x');
  });
});

it('shows markup in a tweet as the text that it is', async () => {
  const page = await stage.window();
  await arrive(page, `/tweets/${hostileId}`);
  const tweet = tweetSaying(page, '<script>');
  expect(await tweet.locator('.text').innerText()).toBe(HOSTILE);
  expect(await tweet.locator('script, .text img, [href^="javascript"]').count()).toBe(0);
  expect(await page.evaluate('window.ran')).toBeUndefined();
});

const routes: {
  name: string;
  path: () => string;
  signedIn?: boolean;
  open?: (page: Page) => Promise<void>;
}[] = [
  { name: 'the front door', path: () => '/' },
  { name: 'sign-in', path: () => '/sign-in' },
  { name: 'sign-up', path: () => '/sign-up' },
  { name: 'a forgotten password', path: () => '/reset-password' },
  { name: 'a link to set a new one', path: () => '/reset-password?token=x' },
  { name: 'a link to verify an address', path: () => '/verify-email?token=x' },
  { name: 'home', path: () => '/', signedIn: true },
  { name: 'a profile', path: () => '/@ada' },
  { name: 'one’s own profile', path: () => '/@ada?with=replies', signedIn: true },
  { name: 'a thread', path: () => `/tweets/${threadId}` },
  { name: 'a thread, signed in', path: () => `/tweets/${threadId}`, signedIn: true },
  { name: 'what is not there', path: () => '/@nobody_at_all' },
  {
    name: 'the composer',
    path: () => '/',
    signedIn: true,
    open: async (page) => {
      await page.getByRole('banner').getByRole('button', { name: 'Post' }).click();
      await page.getByRole('dialog').getByRole('textbox').waitFor();
    },
  },
];

it.each(routes)(
  '$name fits a small telephone, is accessible in both themes, and fetches nothing that it may not',
  async ({ path, signedIn, open }) => {
    const page = await stage.window(signedIn ? { as: ada } : {});
    const faults = await faultsOf(page, stage.origin);
    await arrive(page, path());
    await open?.(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      faults.push(...(await seriousFindings(page)).map((finding) => `${colorScheme}: ${finding}`));
    }

    await page.setViewportSize({ width: 360, height: 740 });
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(360);
    expect(faults).toEqual([]);
  },
);
