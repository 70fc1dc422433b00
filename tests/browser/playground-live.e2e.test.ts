import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { until } from '../until.ts';
import { seriousFindings } from './findings.ts';
import {
  answerOf,
  button,
  signIn,
  startPlaygroundStage,
  write,
  type PlaygroundStage,
} from './playground-stage.ts';

let stage: PlaygroundStage;

beforeAll(async () => {
  stage = await startPlaygroundStage();
}, 120_000);
afterEach(() => stage.clear());
afterAll(() => stage.close(), 60_000);

describe('a stream', () => {
  /** As whoever is signed in on the page, but not by its editors. */
  const ask = async (page: Page, query: string, variables = {}) => {
    const answer = await page.request.post(`${stage.supergraph.origin}/graphql`, {
      data: { query, variables },
    });
    return ((await answer.json()) as { data: Record<string, object> }).data;
  };
  const postAs = async (page: Page, text: string) => {
    const posted = await ask(
      page,
      'mutation ($input: CreateTweetInput!) { createTweet(input: $input) { tweet { text } } }',
      { input: { text, idempotencyKey: randomUUID() } },
    );
    expect(posted).toEqual({ createTweet: { tweet: { text } } });
  };
  /** From a cursor, since what happens before the stream begins would not be in it. */
  const follow = async (page: Page, name: string) => {
    const { homeTimeline } = await ask(page, '{ homeTimeline(first: 1) { liveCursor } }');
    const { liveCursor } = homeTimeline as { liveCursor: string };
    await write(
      page,
      `subscription ${name}($after: String = "${liveCursor}") { homeTimeline(after: $after) { __typename cursor ... on HomeTimelineEntriesAdded { edges { node { text } } } } }`,
    );
    await button(page, 'Run').click();
    const stream = page.getByRole('region', { name: `Events of ${name}` });
    await stream.getByText('Live', { exact: true }).waitFor();
    return stream;
  };

  it('lists its events newest first, pauses, clears, and stops', async () => {
    const page = await stage.window();
    await signIn(page);
    await button(page, 'Sign out').waitFor();
    const stream = await follow(page, 'Tweets');
    const events = stream.getByRole('listitem');
    const post = (text: string) => postAs(page, text);
    await post('first of the stream');
    await events.filter({ hasText: 'first of the stream' }).waitFor();
    await post('second of the stream');
    await events.first().filter({ hasText: 'second of the stream' }).waitFor();
    expect(await events.first().innerText()).toMatch(
      /^\d+\s+HomeTimelineEntriesAdded\s+cost \d+\s+\d\d:\d\d:\d\d\.\d{3}/,
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
    await button(page, 'Run').waitFor();
    await button(stream, 'Close').click();
    await stream.waitFor({ state: 'detached' });
  });

  it('goes on while other tabs are used, beside other streams, until its tab is closed', async () => {
    const page = await stage.window();
    await signIn(page);
    await button(page, 'Sign out').waitFor();
    const first = await follow(page, 'First');
    const second = await follow(page, 'Second');
    // Also while its tab asks something else, which is run, and not stopped.
    const editors = page.getByRole('region', { name: 'Operation', exact: true });
    await button(editors, 'Stop').waitFor();
    await page.getByRole('group', { name: 'Operation. Press Enter to edit' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText('query Instead { viewer { id } }');
    await button(editors, 'Run').click();
    await until('it ran', async () => (await answerOf(page)).includes('"viewer"'));
    await second.getByText('Live', { exact: true }).waitFor();
    await button(page, 'Post').click();
    await button(page, 'Run').click();
    await until('it is posted', async () => (await answerOf(page)).includes('Hello from the playground'));
    await second.getByText('"Hello from the playground"').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: /^Live First \d+$/ }).click();
    await first.getByText('"Hello from the playground"').waitFor();
    expect(await answerOf(page)).toContain('createTweet');

    await button(page, 'Close First').click();
    await first.waitFor({ state: 'detached' });
    await second.getByText('Live', { exact: true }).waitFor();
    await postAs(page, 'after the first was closed');
    await second.getByText('"after the first was closed"').waitFor();
  });

  it('goes on behind its last event when the connection was lost, and says so', async () => {
    const page = await stage.window();
    const cuts: (() => Promise<void>)[] = [];
    const enough = Promise.withResolvers<void>();
    await page.routeWebSocket(/graphql$/, async (socket) => {
      if (cuts.length > 0) await enough.promise;
      socket.connectToServer();
      cuts.push(() => socket.close({ code: 1012 }));
    });
    await signIn(page);
    await button(page, 'Sign out').waitFor();
    const stream = await follow(page, 'Broken');
    await postAs(page, 'before it broke');
    await stream.getByText('"before it broke"').waitFor();
    await cuts[0]?.();
    await stream.getByText('Reconnecting').waitFor();
    await postAs(page, 'while it was broken');
    enough.resolve();
    await stream
      .getByText(/^The connection was lost for [\d.]+ s\. The stream went on behind its last event\./)
      .waitFor();
    await stream.getByText('"while it was broken"').waitFor();
    expect(await stream.getByText('"before it broke"').count()).toBe(1);
  });

  it('says what is wrong with it', async () => {
    const page = await stage.window();
    await write(page, 'subscription Nothing { homeTimeline { nothing } }');
    await button(page, 'Run').click();
    await page.getByRole('alert').filter({ hasText: 'nothing' }).waitFor();
  });
});
