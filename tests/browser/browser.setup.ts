import { buildWeb } from '../../bin/generated.ts';
import bringUpEngines from '../engines.setup.ts';
import { provideChromium } from './chromium.ts';

/** Where the web client of a test run is built, beside the one that is served. */
export const WEB_BUILD_FOLDER = '.next-test';

/** Runs once before all browser tests: what they share is a browser, the built client, and the engines. */
export default async function setup(): Promise<void> {
  await provideChromium(process.env);
  if (await buildWeb(WEB_BUILD_FOLDER)) console.error('Built the web client.');
  await bringUpEngines();
}
