import type { Locator, Page } from 'playwright-core';
import { until } from '../until.ts';

// What runs in the page is text here: these files know no `document`.

/** Resolves when React has taken over what the server rendered, so that what is pressed is heard. */
export const hydrated = (page: Page): Promise<unknown> =>
  until('the page is hydrated', () =>
    page.evaluate<boolean>(`Object.keys(document.querySelector('main a, main button, main form') ?? {})
      .some((key) => key.startsWith('__reactProps'))`),
  );

/** Goes somewhere, and waits until things can be done there. */
export async function arrive(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await hydrated(page);
}

/** The card of the tweet with these words. */
export const tweetSaying = (page: Page, text: string): Locator =>
  page.locator('article').filter({ hasText: text });

/** How often the page was loaded, from now on. */
export function loadsOf(page: Page): () => number {
  let loads = 0;
  page.on('load', () => (loads += 1));
  return () => loads;
}
