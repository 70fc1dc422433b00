import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import type { Locator, Page, Route } from 'playwright-core';
import { DEMO_PASSWORD, DEMO_USERNAME } from '../../demo/account.ts';
import { readSavedOperations } from '../../gateway/playground/saved-operations.ts';
import { until } from '../until.ts';
import { seriousFindings } from './findings.ts';
import {
  answerOf,
  button,
  openPlayground,
  operationOf,
  pane,
  signIn,
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

/** One of the saved operations, by how it and what it is for are called. */
const saved = (page: Page, screen: string, name: string) =>
  pane(page)
    .getByRole('region', { name: screen, exact: true })
    .getByRole('button', { name: new RegExp(`^${name}\\b`) });

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

  it('speak of what is found once somebody is signed in, and say what to do as long as it is not', async () => {
    const page = await stage.window();
    await button(page, 'Saved').click();
    await saved(page, 'Writing', 'PinTweet').click();
    await until('it is open', async () => (await operationOf(page)).includes('mutation PinTweet'));
    await button(page, 'Run').click();
    await until('it is refused', async () =>
      (await answerOf(page)).includes('a tweet of yours: sign in, and post one first'),
    );
    await signIn(page);
    await button(page, 'Sign out').waitFor();
    await button(page, 'Run').click();
    await until('it ran', async () => (await answerOf(page)).includes('"pinnedTweet"'));
  });

  it('open in the tab that has them already', async () => {
    const page = await stage.window();
    const tabs = page.getByRole('navigation', { name: 'Open operations' }).getByRole('listitem');
    expect(await tabs.count()).toBe(5);
    await button(page, 'Saved').click();
    await saved(page, 'First steps', 'LookAround').click();
    await button(page, 'LookAround').and(page.locator('[aria-current=true]')).waitFor();
    expect(await tabs.count()).toBe(5);

    // Pressed twice, what it may speak of is looked up twice before it opens.
    const looks: Route[] = [];
    await page.route(/graphql$/, async (route) => {
      if (route.request().postData()?.includes('query Examples')) looks.push(route);
      else await route.fallback();
    });
    await saved(page, 'Why, and how far', 'WhyThis').dblclick();
    await until('both looked', () => looks.length === 2);
    for (const look of looks) await look.fulfill({ response: await look.fetch() });
    await until('it is open', async () => (await operationOf(page)).includes('WhyThis'));
    await button(page, 'WhyThis').waitFor();
    expect(await tabs.count()).toBe(6);
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
    await until('their picture shows', () =>
      page.evaluate<boolean>(`document.querySelector('.account img')?.naturalWidth > 0`),
    );
    await button(page, 'Sign out').click();
    await button(page, 'Sign in').waitFor();
  });

  it('takes one press where there are demo people, and says how else', async () => {
    const page = await stage.window();
    await page.goto(`${stage.supergraph.origin}/playground/demo.html`);
    await button(page, 'Sign in').click();
    const dialog = page.getByRole('dialog', { name: 'Sign in' });
    await dialog.getByText(DEMO_PASSWORD).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await button(dialog, `Sign in as ${DEMO_USERNAME}`).click();
    await page.getByText(`@${DEMO_USERNAME}`).waitFor();
    expect(await dialog.isVisible()).toBe(false);
  });

  it('is seen when an operation does it', async () => {
    const page = await stage.window();
    await button(page, 'Sign in').waitFor();
    // The first of the tabs, with the variables that came with it.
    await button(page, 'Run').click();
    await page.getByText(`@${DEMO_USERNAME}`).waitFor();
  });

  it('stays seen when an answer of before comes late', async () => {
    const page = await stage.window();
    const { promise: first, resolve: hold } = Promise.withResolvers<Route>();
    let looks = 0;
    await page.route(/graphql$/, async (route) => {
      if (route.request().postData()?.includes('avatarUrl(size: 48)') && (looks += 1) === 1) hold(route);
      else await route.fallback();
    });
    await openPlayground(page, stage.supergraph.origin);
    const late = await first;
    const input = `{ login: "${DEMO_USERNAME}", password: "${DEMO_PASSWORD}" }`;
    await write(page, `mutation { signIn(input: ${input}) { viewer { id } } }`);
    await button(page, 'Run').click();
    await page.locator('.account-name').waitFor();
    await late.fulfill({ json: { data: { viewer: null } } });
    await page.evaluate(`fetch('/health/live').then((response) => response.text())`);
    expect(await page.locator('.account-name').innerText()).toBe(`@${DEMO_USERNAME}`);
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

describe('a link', () => {
  it('carries the operation and nothing else, and opens without running', async () => {
    const page = await stage.window({ permissions: ['clipboard-read', 'clipboard-write'] });
    await write(page, 'mutation Said($text: String!) { signOut { endedSessionId } }');
    await page.getByRole('group', { name: 'Variables. Press Enter to edit' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.insertText('{ "text": "for nobody else" }');
    await button(page, 'Share').click();
    await page.getByText('Link copied.').waitFor();
    await button(page, 'Copy').click();
    await page.getByText('Operation copied.').waitFor();
    await button(page, 'Home').click();
    await page.getByText('Operation copied.').waitFor({ state: 'detached' });
    await button(page, 'Said').click();
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
  await pane(page).getByLabel('Kind of operation').selectOption('mutation');
  await pane(page).getByRole('searchbox').fill('likeTweet');
  await tick('likeTweet LikeTweetPayload').check();
  await pane(page).getByRole('textbox', { name: 'tweetId: ID!' }).fill('$tweetId');
  await page.keyboard.press('Enter');
  await until('it is built', async () =>
    /likeTweet\(input: \{tweetId: \$tweetId\}\) \{\s+tweet \{\s+id/.test(await operationOf(page)),
  );
  await pane(page).getByLabel('Kind of operation').selectOption('query');
  await pane(page).getByRole('searchbox').fill('nothing of this kind');
  await pane(page).getByText('No query is called like that.').waitFor();
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

it('keeps what ran with its tab: the answer, its time and its cost', async () => {
  const page = await stage.window();
  const meter = page.getByRole('region', { name: 'Answer' }).getByRole('status').first();
  await button(page, 'LookAround').click();
  await button(page, 'Run').click();
  await meter.filter({ hasText: /^200/ }).waitFor();
  const told = await meter.innerText();
  const answer = await answerOf(page);
  await button(page, 'Home').click();
  await page.getByText('Run the operation, and its answer shows here.').waitFor();
  expect(await meter.innerText()).toBe('');
  await button(page, 'LookAround').click();
  await until('it is there again', async () => (await answerOf(page)) === answer);
  expect(await meter.innerText()).toBe(told);

  // What comes too late is for nobody, and not for the tab that is shown by then.
  const asked = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  await page.route(/graphql$/, async (route) => {
    asked.resolve();
    await late.promise;
    await route.abort();
  });
  await button(page, 'Run').click();
  await asked.promise;
  await button(page, 'New operation').click();
  late.resolve();
  await page.unrouteAll({ behavior: 'wait' });
  await button(page, 'Run').waitFor();
  expect(await answerOf(page)).toBe('');
});

it('says in words that the server is away', async () => {
  const page = await stage.window();
  await page.route(/graphql$/, (route) => route.abort());
  await button(page, 'LookAround').click();
  await button(page, 'Run').click();
  await until('it says so', async () => (await answerOf(page)) !== '');
  expect(JSON.parse(await answerOf(page))).toEqual({
    errors: [{ message: 'The server cannot be reached.' }],
  });
});

it('shows the docs of what is in the schema', async () => {
  const page = await stage.window();
  await button(page, 'Docs').click();
  await button(pane(page).getByRole('region', { name: 'Queries' }), 'viewer The person signed in.').waitFor();
  await pane(page).getByText('Enums').click();
  await button(pane(page), 'HomeTimelinePath').click();
  await pane(page).getByText('RESTORED', { exact: true }).waitFor();
  // From an enum, which GraphiQL's own search leaves out, and by the key that the keys are told with.
  await page.keyboard.press('Control+Alt+KeyK');
  await page.keyboard.type('homeTimeline');
  const found = pane(page).getByRole('list', { name: 'Found' }).getByRole('listitem');
  await until('it is the first', async () =>
    (await found.first().innerText()).startsWith('Query.homeTimeline\n'),
  );
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await pane(page).getByText('It goes back to the very first tweet').waitFor();
  await pane(page).getByRole('link', { name: 'HomeTimelineConnection', exact: true }).click();
  await button(pane(page).getByRole('navigation', { name: 'Way back' }), 'homeTimeline').click();
  await pane(page).getByText('It goes back to the very first tweet').waitFor();
});

it('loses nothing that is typed right after the key for a search in the docs', async () => {
  const page = await stage.window();
  // As on a machine that is too busy to paint.
  await page.evaluate(`window.requestAnimationFrame = () => 0`);
  await page.keyboard.press('Control+Alt+KeyK');
  await page.keyboard.type('homeTimeline');
  expect(await pane(page).getByRole('searchbox').inputValue()).toBe('homeTimeline');
});

it('can be used by the keyboard alone', async () => {
  const page = await stage.window();
  const focus = async (wanted: Locator, key = 'Tab') => {
    await wanted.waitFor();
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
