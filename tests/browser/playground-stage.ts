import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { DEMO_PASSWORD, DEMO_USERNAME } from '../../demo/account.ts';
import { loadDemo } from '../../demo/load.ts';
import { testDatabase } from '../databases.ts';
import { startSupergraph, type TestSupergraph } from '../supergraph.ts';
import { until } from '../until.ts';
import { launchChromium } from './chromium.ts';

/** A small demo with its gateway, and a browser in front of its playground. */
export interface PlaygroundStage {
  supergraph: TestSupergraph;
  /** The playground in a window of its own, ready to be used. */
  window(options?: BrowserContextOptions): Promise<Page>;
  /** Closes all windows. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** No wait of a page's own is longer; on a machine that is busy a page takes its time. */
const PATIENCE_MS = 30_000;

export async function startPlaygroundStage(): Promise<PlaygroundStage> {
  await using stack = new AsyncDisposableStack();
  const database = await testDatabase();
  stack.defer(() => database.drop());
  await loadDemo({ adminUrl: database.adminUrl, people: 40, tweets: 600 });
  const supergraph = await startSupergraph(database.env);
  stack.defer(() => supergraph.stop());
  const browser = await launchChromium(process.env);
  stack.defer(() => browser.close());
  const running = stack.move();
  return {
    supergraph,
    window: async (options) => {
      const page = await windowOf(browser, options);
      await openPlayground(page, supergraph.origin);
      return page;
    },
    clear: async () => void (await Promise.all(browser.contexts().map((context) => context.close()))),
    close: () => running.disposeAsync(),
  };
}

/** A window that is not anywhere yet. */
export async function windowOf(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  return context.newPage();
}

/** Goes to the playground of a gateway, and waits until its editors are there. */
export async function openPlayground(page: Page, origin: string, fragment = ''): Promise<void> {
  await page.goto(`${origin}/graphql${fragment}`);
  await page.locator('.editor-operation .view-line').first().waitFor();
}

export const button = (within: Page | Locator, name: string) =>
  within.getByRole('button', { name, exact: true });

/** What stands beside the editors. */
export const pane = (page: Page) => page.getByRole('complementary');

/** By the button, as somebody of the demo. Does not wait for what comes of it. */
export async function signIn(page: Page, password = DEMO_PASSWORD): Promise<void> {
  await button(page, 'Sign in').click();
  const dialog = page.getByRole('dialog', { name: 'Sign in' });
  await dialog.getByLabel('Username or email').fill(DEMO_USERNAME);
  await dialog.getByLabel('Password').fill(password);
  await button(dialog, 'Sign in').click();
}

/** Writes an operation into a tab of its own, by the keyboard. The editor has the focus then. */
export async function write(page: Page, operation: string): Promise<void> {
  await page.getByRole('button', { name: 'New operation', exact: true }).click();
  await page.getByRole('group', { name: 'Operation. Press Enter to edit' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.insertText(operation);
  await until('it is written', async () => (await operationOf(page)) === operation);
}

/** What the editor has, whole. A page shows no more of it than fits. */
export const operationOf = (page: Page): Promise<string> =>
  page.evaluate<string>(
    `__MONACO.editor.getModels().find(({ uri }) => uri.path.includes('operation.graphql')).getValue()`,
  );

export const variablesOf = (page: Page): Promise<string> =>
  page.evaluate<string>(
    `__MONACO.editor.getModels().find(({ uri }) => uri.path.includes('variables.json')).getValue()`,
  );

export const answerOf = (page: Page): Promise<string> =>
  page.evaluate<string>(
    `__MONACO.editor.getModels().find(({ uri }) => uri.path.includes('response.json')).getValue()`,
  );
