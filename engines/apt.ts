import { type Command, run, succeeds, turns } from './command.ts';

const inTurn = turns();

export const isRoot = (): boolean => process.getuid?.() === 0;

/** Whether Debian's package manager is here. */
export const hasApt = (): boolean => succeeds({ file: 'apt-get', args: ['--version'] });

const apt = (file: string, ...args: string[]): Command => ({
  file,
  // _apt, whom apt downloads as when it is root, may not write into our folders
  args: isRoot() ? ['-o', 'APT::Sandbox::User=root', ...args] : args,
  env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
});

/**
 * Unpacks packages, each with the libraries that it names directly and that this machine lacks, into `folder` without
 * installing anything. Rejects when a package is not to be had.
 */
export async function unpackPackages(
  names: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const wanted = [...names, ...(await missingLibraries(names, signal))];
  await inTurn(() => withFreshLists(() => run(apt('apt-get', 'download', '-q', ...wanted), signal, folder)));
  const archives = await run({ file: 'find', args: [folder, '-maxdepth', '1', '-name', '*.deb'] }, signal);
  for (const archive of archives.split('\n').filter((line) => line !== '')) {
    await run({ file: 'dpkg-deb', args: ['-x', archive, folder] }, signal);
  }
}

/** Installs for the whole machine the first of `choices` that this release has, and `others`. Only root may. */
export async function installPackages(
  choices: readonly string[],
  others: readonly string[],
  report: (names: string[]) => void,
): Promise<void> {
  await inTurn(() =>
    withFreshLists(async () => {
      const choice = choices.filter((name) => succeeds(apt('apt-cache', 'show', name))).slice(0, 1);
      if (choices.length > 0 && choice.length === 0)
        throw new Error(`none of ${choices.join(', ')} is known to apt`);
      report([...choice, ...others]);
      // not ended by a stop: half an installation would be left on a machine that is not ours
      await run(
        apt(
          'apt-get',
          'install',
          '-y',
          '-q',
          '--no-install-recommends',
          '-o',
          'DPkg::Lock::Timeout=120',
          ...choice,
          ...others,
        ),
      );
    }),
  );
}

async function missingLibraries(names: readonly string[], signal: AbortSignal): Promise<string[]> {
  const depends = await run(apt('apt-cache', 'depends', ...names), signal);
  return librariesIn(depends).filter((name) => !isInstalled(name));
}

/** The libraries in what `apt-cache depends` prints; C's own is never taken along, it belongs to the kernel's loader. */
export function librariesIn(depends: string): string[] {
  const libraries = [...depends.matchAll(/^\s*\|?Depends: ((?:lib|lua)\S+)$/gm)].map(
    (match) => match[1] ?? '',
  );
  return [...new Set(libraries)].filter((name) => name !== 'libc6');
}

const isInstalled = (name: string): boolean => succeeds({ file: 'dpkg', args: ['-L', name] });

/** Tries; when that fails and we are root, updates the package lists and tries again. */
async function withFreshLists<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (!isRoot()) throw error;
    await run(apt('apt-get', 'update', '-q'));
    return task();
  }
}
