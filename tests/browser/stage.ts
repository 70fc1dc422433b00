import { randomBytes } from 'node:crypto';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { webPart } from '../../bin/web-part.ts';
import { loadDemo } from '../../demo/load.ts';
import { freePort } from '../../engines/ports.ts';
import { testDatabase } from '../databases.ts';
import { PASSWORD } from '../person.ts';
import { partProcess, startSupergraph, type TestSupergraph } from '../supergraph.ts';
import { WEB_BUILD_FOLDER } from './browser.setup.ts';
import { launchChromium } from './chromium.ts';

/** A small demo behind the web client, and a browser in front of it. */
export interface Stage {
  /** Of the web client. */
  origin: string;
  supergraph: TestSupergraph;
  /** Where mails go. */
  mailFolder: string;
  /** Resolves when also those see it who did not write it: their lists are the replica's. */
  replicated(): Promise<void>;
  /** A page in a window of its own, not yet anywhere. Relative addresses are the web client's. */
  window(options?: Window): Promise<Page>;
  /** Closes all windows. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Whose window it is: nobody's, unless it says who signed in. */
export type Window = BrowserContextOptions & { as?: { username: string; password?: string } };

/** No wait of a page's own is longer; on a machine that is busy a page takes its time. */
const PATIENCE_MS = 30_000;

export async function startStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const database = await testDatabase();
  stack.defer(() => database.drop());
  await loadDemo({ adminUrl: database.adminUrl, people: 40, tweets: 600 });

  const port = await freePort([]);
  const origin = `http://127.0.0.1:${port}`;
  const shared = { WEB_ADDRESS_KEY: randomBytes(32).toString('base64url') };
  const supergraph = await startSupergraph({ ...database.env, ...shared }, origin);
  stack.defer(() => supergraph.stop());
  const addresses = { PORT: new URL(supergraph.origin).port, WEB_PORT: String(port), PUBLIC_URL: origin };
  const web = partProcess(webPart({ ...process.env, ...shared, ...addresses, WEB_BUILD_FOLDER }, 'built'));
  stack.defer(async () => void (await web.kill('SIGTERM')));
  await web.start();

  const browser = await launchChromium(process.env);
  stack.defer(() => browser.close());
  const running = stack.move();
  return {
    origin,
    supergraph,
    mailFolder: database.env.MAIL_FOLDER,
    replicated: database.replicated,
    window: async ({ as, ...options } = {}) => {
      const context = await browser.newContext({ baseURL: origin, reducedMotion: 'reduce', ...options });
      context.setDefaultTimeout(PATIENCE_MS);
      if (as) {
        const { username: login, password = PASSWORD } = as;
        const answer = await context.request.post('/graphql', {
          data: {
            query: 'mutation ($input: SignInInput!) { signIn(input: $input) { viewer { id } } }',
            variables: { input: { login, password } },
          },
        });
        const body = (await answer.json()) as { data?: { signIn?: { viewer: object | null } } };
        if (!body.data?.signIn?.viewer) throw new Error(`Not signed in: ${JSON.stringify(body)}`);
      }
      return context.newPage();
    },
    clear: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    close: () => running.disposeAsync(),
  };
}
