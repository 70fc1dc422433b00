import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startSmallSupergraph } from '../../gateway/small-supergraph.ts';
import { until } from '../until.ts';
import { launchChromium } from './chromium.ts';
import { faultsOf, seriousFindings } from './findings.ts';
import { answerOf, openPlayground, operationOf, windowOf, write } from './playground-stage.ts';

// On a supergraph that is not ours: the playground is the gateway's, whatever stands behind it.

const opened = new AsyncDisposableStack();
let browser: Awaited<ReturnType<typeof launchChromium>>;
let origin: string;

beforeAll(async () => {
  browser = opened.adopt(await launchChromium(process.env), (own) => own.close());
  origin = await startGateway();
}, 60_000);
afterEach(async () => void (await Promise.all(browser.contexts().map((context) => context.close()))));
afterAll(() => opened.disposeAsync(), 60_000);

async function startGateway(env: NodeJS.ProcessEnv = {}): Promise<string> {
  const supergraph = await startSmallSupergraph('in process', env);
  opened.defer(() => supergraph.stop());
  return supergraph.gateway.url;
}

const sizes = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
];
const panes = ['Saved', 'Build', 'Docs', 'History', 'Keys'];
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

async function runSomething(page: Page, operation: string): Promise<void> {
  await write(page, operation);
  await page.keyboard.press('Control+Enter');
}

describe.each(['light', 'dark'] as const)('by %s', (colorScheme) => {
  it.each(sizes)('everything fits $width pixels, is accessible, and stays at home', async (viewport) => {
    const page = await windowOf(browser, { viewport, colorScheme });
    const faults = await faultsOf(page, origin);
    await openPlayground(page, origin);
    const look = async (what: string) => {
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
      if (wide > viewport.width) faults.push(`${what}: ${wide} pixels wide`);
      faults.push(...(await seriousFindings(page)).map((finding) => `${what}: ${finding}`));
    };
    await runSomething(page, '{ user(id: "1") { id name } }');
    await until('there is an answer', async () => (await answerOf(page)).includes('name of 1'));
    await look('an answer');
    for (const pane of panes) {
      await press(page, pane);
      await page.getByRole('complementary').waitFor();
      await look(pane);
    }
    expect(faults).toEqual([]);
  });
});

it('follows the theme of the system until one is chosen, which stays', async () => {
  const page = await windowOf(browser, { colorScheme: 'light' });
  await openPlayground(page, origin);
  const looks = async () => ({
    page: await page.evaluate<string>('getComputedStyle(document.querySelector(".frame")).backgroundColor'),
    editor: await page.evaluate<string>(
      'getComputedStyle(document.querySelector(".monaco-editor-background")).backgroundColor',
    ),
  });
  const [day, night] = ['rgb(255, 255, 255)', 'rgb(20, 17, 22)'];
  expect(await looks()).toEqual({ page: day, editor: day });
  await page.emulateMedia({ colorScheme: 'dark' });
  await until('it follows', async () => (await looks()).editor === night);
  expect(await looks()).toEqual({ page: night, editor: night });
  await page.getByLabel('Theme').selectOption('Light');
  await until('it is light', async () => (await looks()).editor === day);
  await openPlayground(page, origin);
  await until('it is light still', async () => (await looks()).editor === day);
  expect(await looks()).toEqual({ page: day, editor: day });
});

it('tidies what was written', async () => {
  const page = await windowOf(browser);
  await openPlayground(page, origin);
  await write(page, 'query   Tidied{user(id:"1"){id   name}}');
  await press(page, 'Tidy');
  const tidy = 'query Tidied {\n  user(id: "1") {\n    id\n    name\n  }\n}\n';
  await until('it is tidy', async () => (await operationOf(page)) === tidy);
});

it('has nobody sign in where nobody can', async () => {
  const page = await windowOf(browser);
  await openPlayground(page, origin);
  await runSomething(page, '{ user(id: "1") { name } }');
  await until('there is an answer', async () => (await answerOf(page)).includes('name of 1'));
  expect(await page.getByRole('button', { name: 'Sign in' }).count()).toBe(0);
});

it('is told by the gateway whether there are demo people', async () => {
  const page = async (gateway: string) =>
    (await fetch(`${gateway}/graphql`, { headers: { accept: 'text/html' } })).text();
  expect(await page(origin)).toMatch(/^<!doctype html>\s*<html lang="en">/);
  expect(await page(await startGateway({ DEMO: '1' }))).toMatch(
    /^<!doctype html>\s*<html data-demo lang="en">/,
  );
});

it('says that the schema is kept, shows none, and runs what is known', async () => {
  const page = await windowOf(browser);
  await openPlayground(page, await startGateway({ INTROSPECTION: '0' }));
  await page.getByText('This server keeps its schema to itself').waitFor();
  await press(page, 'Build');
  await page.getByText('Fields to choose from show here once the schema is read.').waitFor();
  await press(page, 'Docs');
  expect(await page.getByRole('complementary').getByText('Query').count()).toBe(0);
  await runSomething(page, '{ user(id: "1") { name } }');
  await until('there is an answer', async () => (await answerOf(page)).includes('name of 1'));
});

it('reads the schema once it may, or can be reached', async () => {
  const page = await windowOf(browser);
  const refusals = [
    {
      status: 429,
      json: {
        errors: [{ message: 'Too fast.', extensions: { code: 'RATE_LIMITED', retryAfterMs: 300 } }],
      },
    },
    'abort',
  ] as const;
  let asked = 0;
  const told = Promise.withResolvers<void>();
  await page.route(/graphql$/, async (route) => {
    if (!(route.request().postData() ?? '').includes('IntrospectionQuery')) return route.fallback();
    const refused = refusals[(asked += 1) - 1];
    if (refused === undefined) return told.promise.then(() => route.fallback());
    return refused === 'abort' ? route.abort() : route.fulfill(refused);
  });
  await openPlayground(page, origin);
  await page.getByText('The schema could not be read. The server cannot be reached.').waitFor();
  told.resolve();
  await press(page, 'Docs');
  await page.getByRole('complementary').getByRole('region', { name: 'Queries' }).waitFor();
  expect(await page.getByText('The schema could not be read.').count()).toBe(0);
  expect(asked).toBe(3);
});

it('says that only registered operations are run', async () => {
  const page = await windowOf(browser);
  await openPlayground(page, await startGateway({ ONLY_PERSISTED_OPERATIONS: '1' }));
  await page.getByText('This server runs only operations that its own clients have registered.').waitFor();
});
