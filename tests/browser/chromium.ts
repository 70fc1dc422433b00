import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { hasApt, installPackages, isRoot } from '../../engines/apt.ts';
import { reasonOf } from '../../engines/command.ts';

const pathOf = (env: NodeJS.ProcessEnv): string => env['CHROMIUM_PATH'] || '/usr/bin/chromium';

/**
 * Puts Chromium where the tests look for it, where that is possible: by apt when we are root. Never rejects; without
 * a browser only the tests that need one fail.
 */
export async function provideChromium(env: NodeJS.ProcessEnv): Promise<void> {
  if (env['CHROMIUM_PATH'] || existsSync(pathOf(env)) || !isRoot() || !hasApt()) return;
  try {
    await installPackages([], ['chromium'], () =>
      console.error('Installing Chromium by apt, for the tests in tests/browser.'),
    );
  } catch (err) {
    console.error(`Chromium could not be installed: ${reasonOf(err)}`);
  }
}

/** A browser without a window. To be closed. */
export async function launchChromium(env: NodeJS.ProcessEnv): Promise<Browser> {
  const executablePath = pathOf(env);
  if (!existsSync(executablePath))
    throw new Error(
      `There is no Chromium at ${executablePath}: install it ("apt-get install chromium"), or say in CHROMIUM_PATH where one is.`,
    );
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
