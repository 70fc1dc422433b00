import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import type { Locator, Page } from 'playwright-core';
import { DEMO_PASSWORD, DEMO_USERNAME } from '../../demo/account.ts';
import { readSavedOperations } from '../../gateway/playground/saved-operations.ts';
import { until } from '../until.ts';
import { seriousFindings } from './findings.ts';
import {
  answerOf,
  openPlayground,
  operationOf,
  startPlaygroundStage,
  variablesOf,
  write,
  type PlaygroundStage,
} from './playground-stage.ts';

let stage: PlaygroundStage;

beforeAll(async () => {
  stage = await startPlaygroundStage();
}, 120_000);
afterEach(() => stage.clear());
afterAll(() => stage.close(), 60_000);

const button = (within: Page | Locator, name: string) => within.getByRole('button', { name, exact: true });
const pane = (page: Page) => page.getByRole('complementary');
/** One of the saved operations, by how it and what it is for are called. */
const saved = (page: Page, screen: string, name: string) =>
  pane(page)
    .getByRole('region', { name: screen, exact: true })
    .getByRole('button', { name: new RegExp(`^${name}\\b`) });

async function signIn(page: Page, password = DEMO_PASSWORD): Promise<void> {
  await button(page, 'Sign in').click();
  const dialog = page.getByRole('dialog', { name: 'Sign in' });
  await dialog.getByLabel('Username or email').fill(DEMO_USERNAME);
  await dialog.getByLabel('Password').fill(password);
  await button(dialog, 'Sign in').click();
}

describe('saved operations', () => {
  it('are all there, by screen, and found by any words that are said of them', async () => {
    const page = await stage.window();
    await button(page, 'Saved').click();
    const all = readSavedOperations();
    const listed = pane(page).getByRole('listitem');
    expect(await listed.count()).toBe(all.length);
    await pane(page).getByRole('searchbox').fill('bookmark mutation');
    const found = all.filter(({ name }) => /bookmarkTweet/i.test(name)).map(({ name }) => name);
    expect((await listed.allInnerTexts()).map((text) => text.split('\n')[0])).toEqual(found);
    await pane(page).getByRole('searchbox').fill('nothing of this kind');
    await pane(page).getByText('Nothing like that is saved here.').waitFor();
  });

  it('open whole, speak of something real, and run', async () => {
    const page = await stage.window();
    await signIn(page);
    await button(page, 'Sign out').waitFor();
    await button(page, 'Saved').click();
    await saved(page, 'Why, and how far', 'WhyThis').click();
    const { text } = readSavedOperations().find(({ name }) => name === 'WhyThis') ?? { text: '' };
    await until('it is open', async () => (await operationOf(page)) === text);
    expect(JSON.parse(await variablesOf(page))).toEqual({ tweetId: expect.stringMatching(/^tweet_\d+$/) });
    await button(page, 'Run').click();
    const answer = await until('there is an answer', async () => JSON.parse(await answerOf(page)) as object);
    expect(answer).toMatchObject({ data: { tweet: { id: expect.any(String) } } });
  });

  it('open in the tab that has them already', async () => {
    const page = await stage.window();
    const tabs = page.getByRole('navigation', { name: 'Open operations' }).getByRole('listitem');
    expect(await tabs.count()).toBe(5);
    await button(page, 'Saved').click();
    await saved(page, 'First steps', 'LookAround').click();
    await button(page, 'LookAround').and(page.locator('[aria-current=true]')).waitFor();
    expect(await tabs.count()).toBe(5);
  });
});

describe('signing in', () => {
  it('says why not, then who is signed in, also after a reload, and ends', async () => {
    const page = await stage.window();
    await signIn(page, 'not the password');
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await page.getByLabel('Password').fill(DEMO_PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText(`@${DEMO_USERNAME}`).waitFor();
    await openPlayground(page, stage.supergraph.origin);
    await page.getByText(`@${DEMO_USERNAME}`).waitFor();
    await button(page, 'Sign out').click();
    await button(page, 'Sign in').waitFor();
  });

  it('is seen when an operation does it', async () => {
    const page = await stage.window();
    await button(page, 'Sign in').waitFor();
    // The first of the tabs, with the variables that came with it.
    await button(page, 'Run').click();
    await page.getByText(`@${DEMO_USERNAME}`).waitFor();
  });

  it('leaves no password in the browser', async () => {
    const page = await stage.window();
    await button(page, 'Run').click();
    await page.getByText(`@${DEMO_USERNAME}`).waitFor();
    const kept = () => page.evaluate<string>('JSON.stringify({ ...localStorage })');
    await until('it has kept what ran', async () => (await kept()).includes('graphiql:queries'));
    expect(await kept()).not.toContain(DEMO_PASSWORD);
  });
});

describe('a stream', () => {
  it('lists its events newest first, pauses, clears, and stops', async () => {
    const page = await stage.window();
    await signIn(page);
    await button(page, 'Sign out').waitFor();
    const ask = async (query: string, variables = {}) => {
      const answer = await page.request.post(`${stage.supergraph.origin}/graphql`, {
        data: { query, variables },
      });
      return ((await answer.json()) as { data: Record<string, object> }).data;
    };
    const { homeTimeline } = await ask('{ homeTimeline(first: 1) { liveCursor } }');
    const { liveCursor } = homeTimeline as { liveCursor: string };
    // From a cursor, since what happens before the stream begins would not be in it.
    await write(
      page,
      `subscription Tweets { homeTimeline(after: "${liveCursor}") { __typename cursor ... on HomeTimelineEntriesAdded { edges { node { text } } } } }`,
    );
    await button(page, 'Run').click();
    const stream = page.getByRole('region', { name: 'Events of Tweets' });
    const events = stream.getByRole('listitem');
    await stream.getByText('Live', { exact: true }).waitFor();

    const post = async (text: string) => {
      const posted = await ask(
        'mutation ($input: CreateTweetInput!) { createTweet(input: $input) { tweet { text } } }',
        { input: { text, idempotencyKey: randomUUID() } },
      );
      expect(posted).toEqual({ createTweet: { tweet: { text } } });
    };
    await post('first of the stream');
    await events.filter({ hasText: 'first of the stream' }).waitFor();
    await post('second of the stream');
    await events.first().filter({ hasText: 'second of the stream' }).waitFor();
    expect(await events.first().innerText()).toMatch(
      /^\d+\s+HomeTimelineEntriesAdded\s+\d\d:\d\d:\d\d\.\d{3}/,
    );

    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await seriousFindings(page)).toEqual([]);
    }

    const before = await events.count();
    await button(stream, 'Pause').click();
    await post('third of the stream');
    await stream.getByRole('button', { name: 'Resume (1 new)' }).click();
    await events.first().filter({ hasText: 'third of the stream' }).waitFor();
    expect(await events.count()).toBe(before + 1);

    await button(stream, 'Clear').click();
    expect(await events.count()).toBe(0);
    await button(stream, 'Stop').click();
    await stream.getByText('Stopped').waitFor();
    expect(await button(stream, 'Stop').isDisabled()).toBe(true);
    await button(page, 'Run').waitFor();
  });

  it('says what is wrong with it', async () => {
    const page = await stage.window();
    await write(page, 'subscription Nothing { homeTimeline { nothing } }');
    await button(page, 'Run').click();
    await page.getByRole('alert').filter({ hasText: 'nothing' }).waitFor();
  });
});

describe('a link', () => {
  it('carries the operation and nothing else, and opens without running', async () => {
    const page = await stage.window({ permissions: ['clipboard-read', 'clipboard-write'] });
    await write(page, 'mutation Said($text: String!) { signOut { endedSessionId } }');
    await page.getByRole('group', { name: 'Variables. Press Enter to edit' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.insertText('{ "text": "for nobody else" }');
    await button(page, 'Share').click();
    await page.getByText('Link copied.').waitFor();
    const link = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(decodeURIComponent(link)).not.toContain('for nobody else');
    expect(new URL(link).search).toBe('');

    const other = await stage.window();
    const asked: string[] = [];
    other.on('request', (request) => asked.push(`${request.url()} ${request.postData() ?? ''}`));
    await openPlayground(other, stage.supergraph.origin, new URL(link).hash);
    await other.reload();
    await openPlayground(other, stage.supergraph.origin, new URL(link).hash);
    await other.getByText('This operation came with a link.').waitFor();
    expect(await operationOf(other)).toBe('mutation Said($text: String!) { signOut { endedSessionId } }');
    expect(new URL(other.url()).hash).toBe('');
    expect(asked.filter((request) => request.includes('Said'))).toEqual([]);
  });
});

it('builds an operation by ticks, which can be undone, and reads what was written by hand', async () => {
  const page = await stage.window();
  await button(page, 'New operation').click();
  await button(page, 'Build').click();
  const tick = (name: string) => pane(page).getByRole('checkbox', { name, exact: true });
  await pane(page).getByRole('searchbox').fill('user');
  await tick('user User').check();
  await tick('username').check();
  await pane(page).getByRole('textbox', { name: 'username: String' }).fill('"ada"');
  await page.keyboard.press('Enter');
  await tick('displayName String!').first().check();
  await until('it is built', async () =>
    /user\(username: "ada"\) \{\s+id\s+displayName\s+\}/.test(await operationOf(page)),
  );
  parse(await operationOf(page));
  await button(page, 'Run').click();
  await until('it ran', async () => (await answerOf(page)).includes('"displayName"'));

  await tick('displayName String!').first().uncheck();
  expect(await operationOf(page)).not.toContain('displayName');
  await button(page, 'LookAround').click();
  await until('the other is shown', () => tick('followers FollowConnection').first().isChecked());
});

it('tells time, size and cost of what ran', async () => {
  const page = await stage.window();
  await write(page, '{ user(username: "ada") { id } }');
  await button(page, 'Run').click();
  const meter = page.getByRole('region', { name: 'Answer' }).getByRole('status').first();
  await meter.filter({ hasText: /^200 · [\d,]+ ms · \d+ B · cost \d+ · [\d,]+ of [\d,]+ left/ }).waitFor();
});

it('shows the docs of what is in the schema', async () => {
  const page = await stage.window();
  await button(page, 'Docs').click();
  await pane(page).getByRole('combobox').fill('homeTimeline');
  await pane(page)
    .getByRole('option', { name: /^Query.*homeTimeline/ })
    .first()
    .click();
  await pane(page).getByText('What those you follow wrote and retweeted').waitFor();
});

it('can be used by the keyboard alone', async () => {
  const page = await stage.window();
  const focus = async (wanted: Locator, key = 'Tab') => {
    for (let presses = 0; presses < 120; presses += 1) {
      if ((await wanted.and(page.locator(':focus')).count()) > 0) return;
      await page.keyboard.press(key);
    }
    throw new Error(`Tab does not lead to ${String(wanted)}`);
  };
  await focus(button(page, 'Sign in'));
  await page.keyboard.press('Enter');
  await page.keyboard.type(DEMO_USERNAME);
  await page.keyboard.press('Tab');
  await page.keyboard.type(DEMO_PASSWORD);
  await page.keyboard.press('Enter');
  await button(page, 'Sign out').waitFor();

  await focus(button(page, 'Saved'));
  await page.keyboard.press('Enter');
  await focus(pane(page).getByRole('searchbox'));
  await page.keyboard.type('who is signed in');
  await focus(saved(page, 'Home', 'Me'));
  await page.keyboard.press('Enter');
  await until('it is open', async () => (await operationOf(page)).includes('query Me'));
  await focus(page.getByRole('group', { name: 'Operation. Press Enter to edit' }));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Enter');
  await until('it ran', async () => (await answerOf(page)).includes(`"username": "${DEMO_USERNAME}"`));

  // Tab writes in an editor; Escape leads out, and Tab goes on.
  await page.keyboard.press('Escape');
  await focus(page.getByRole('group', { name: 'Variables. Press Enter to edit' }));
  await focus(button(page, 'Build'), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await focus(pane(page).getByRole('searchbox'));
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await focus(pane(page).getByRole('checkbox', { name: 'suggestedUsers [UserSuggestion!]' }));
  await page.keyboard.press('Space');
  expect(await operationOf(page)).toContain('suggestedUsers');
});
