import { run, succeeds, turns } from './command.ts';

/** Pinned, so that the same command fetches the same things whatever Maven is here. */
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

/** Its local repository does not expect two of it. */
const inTurn = turns();

export const hasMaven = (): boolean => succeeds({ file: 'mvn', args: ['--version'] });

/** Copies the jars that a `pom.xml` names, and everything that they need at run time, into `folder`. */
export async function copyDependencies(pom: string, folder: string, signal: AbortSignal): Promise<void> {
  await mvn(
    folder,
    signal,
    `${plugin}:copy-dependencies`,
    '-f',
    pom,
    '-DincludeScope=runtime',
    `-DoutputDirectory=${folder}`,
  );
}

/** Unpacks the jar `group:artifact:version` into `folder`. */
export async function unpackArtifact(artifact: string, folder: string, signal: AbortSignal): Promise<void> {
  await mvn(folder, signal, `${plugin}:unpack`, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`);
}

async function mvn(folder: string, signal: AbortSignal, ...args: string[]): Promise<void> {
  await inTurn(() => run({ file: 'mvn', args: ['-q', '-B', ...args] }, signal, folder));
}
