import { held } from './engines.setup.ts';

/** While jest watches, the engines stay for the next run; they end with jest. */
export default async function teardown({
  watch,
  watchAll,
}: {
  watch: boolean;
  watchAll: boolean;
}): Promise<void> {
  if (watch || watchAll) return;
  await held.roostTestEngines?.stop();
  delete held.roostTestEngines;
}
