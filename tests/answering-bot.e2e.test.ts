import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase } from './databases.ts';
import { join as joinRoost, PASSWORD, type Person } from './person.ts';
import { startSupergraph, type TestSupergraph } from './supergraph.ts';
import { until } from './until.ts';

const opened = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'roost-bot-'));
const memory = join(folder, 'memory.json');
let supergraph: TestSupergraph;
let owner: Person;
let ada: Person;
let bob: Person;
let bot: ChildProcess | undefined;

beforeAll(async () => {
  opened.defer(() => rmSync(folder, { recursive: true }));
  const database = opened.adopt(await testDatabase(), (own) => own.drop());
  supergraph = opened.adopt(await startSupergraph(database.env), (own) => own.stop());
  opened.defer(kill);
  [owner, ada, bob] = await Promise.all([
    joinRoost(supergraph, 'bot'),
    joinRoost(supergraph, 'ada'),
    joinRoost(supergraph, 'bob'),
  ]);
}, 120_000);
afterAll(() => opened.disposeAsync(), 60_000);

/** Resolves once the bot listens. */
async function start(): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../docs/examples/answering-bot.ts')], {
    env: { ...process.env, URL: supergraph.origin, LOGIN: owner.username, PASSWORD, STATE: memory },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  bot = child;
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  await until('the bot listens', () => /listening below tweet_\d+/.test(printed));
}

async function kill(): Promise<void> {
  if (bot === undefined || bot.exitCode !== null || bot.signalCode !== null) return;
  const gone = once(bot, 'exit');
  bot.kill('SIGKILL');
  await gone;
}

/** What the bot answered to a tweet. */
async function answersTo(tweetId: string): Promise<string[]> {
  const { tweet } = await ada.ask<{
    tweet: { replies: { nodes: { text: string; author: { id: string } }[] } };
  }>(
    `query ($tweetId: ID!) {
      tweet(id: $tweetId) { replies { nodes { id ... on Tweet { text author { id } } } } }
    }`,
    { tweetId },
  );
  return tweet.replies.nodes.flatMap(({ text, author }) => (author.id === owner.id ? [text] : []));
}
const answered = (tweetId: string) =>
  until('the bot answers', async () => (await answersTo(tweetId)).length > 0);

describe('the bot of docs/api.md', () => {
  it('answers whoever replies to it, and after a crash goes on without answering twice', async () => {
    await start();
    const { tweetId } = JSON.parse(readFileSync(memory, 'utf8')) as { tweetId: string };
    const before = join(folder, 'before.json');
    copyFileSync(memory, before);

    const adas = await ada.post('three small words', { inReplyTo: tweetId });
    await answered(adas);
    await kill();
    const bobs = await bob.post('while nobody listens', { inReplyTo: tweetId });
    // As if it had crashed between its answer and its note of it.
    copyFileSync(before, memory);
    await start();
    await answered(bobs);
    const later = await ada.post('again', { inReplyTo: adas });
    await answered(later);

    expect(await answersTo(adas)).toEqual([`@${ada.username} I count 3 words.`]);
    expect(await answersTo(bobs)).toEqual([`@${bob.username} I count 3 words.`]);
    expect(await answersTo(later)).toEqual([`@${ada.username} I count 1 word.`]);
  });

  it('signs in again when its session was revoked', async () => {
    await owner.ask('mutation { revokeOtherSessions { revokedSessionIds } }');
    const { tweetId } = JSON.parse(readFileSync(memory, 'utf8')) as { tweetId: string };
    const reply = await bob.post('are you still there', { inReplyTo: tweetId });
    await answered(reply);
    expect(await answersTo(reply)).toEqual([`@${bob.username} I count 4 words.`]);
  });
});
