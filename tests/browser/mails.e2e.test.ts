import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { mailTo, type ReadMail } from '../../subgraphs/user/mail-reading.builder.ts';
import { join, type Person } from '../person.ts';
import { arrive } from './look.ts';
import { startStage, type Stage } from './stage.ts';

const NEW_PASSWORD = 'another horse battery';

let stage: Stage;
let ada: Person;
let address: string;

beforeAll(async () => {
  stage = await startStage();
  ada = await join(stage.supergraph, 'adam');
  address = `${ada.username}@example.com`;
}, 120_000);
afterEach(() => stage.clear());
afterAll(() => stage.close(), 60_000);

/** Where the link of a mail leads, on the web client under test. */
const pathIn = ({ text }: ReadMail): string => {
  const url = new URL(/^http\S+$/m.exec(text)?.[0] ?? '');
  return `${url.pathname}${url.search}`;
};
const press = (page: Page, name: string) => page.getByRole('button', { name }).click();

it('verifies an address by the link of a mail, once', async () => {
  const path = pathIn(await mailTo(stage.mailFolder, address));
  const page = await stage.window();
  await arrive(page, path);
  await press(page, 'Verify my address');
  await page.getByText(`${address} is verified.`).waitFor();

  await arrive(page, path);
  await press(page, 'Verify my address');
  await page.getByText('This link is too old').waitFor();
});

it('leads from a forgotten password to a new one', async () => {
  const page = await stage.window();
  await arrive(page, '/sign-in');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  // The field is called the same here as there.
  await page.getByRole('button', { name: 'Send me a link' }).waitFor();
  await page.getByLabel('Email or username').fill(address);
  await press(page, 'Send me a link');
  await page.getByText('a mail with a link is on its way').waitFor();

  await arrive(page, pathIn(await mailTo(stage.mailFolder, address, 2)));
  const password = page.getByLabel('Password', { exact: true });
  await password.fill('short');
  await press(page, 'Set my password');
  await page.getByText('A password has at least 8 characters.').waitFor();
  await password.fill(NEW_PASSWORD);
  await press(page, 'Set my password');
  await page.getByRole('link', { name: `Sign in as @${ada.username}` }).click();

  await page.getByLabel('Email or username').fill(address);
  await password.fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(`${stage.origin}/`);
  expect(await page.context().cookies()).toMatchObject([{ name: 'roost_session' }]);
});
