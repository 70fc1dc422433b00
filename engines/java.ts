import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The oldest Java that Kafka 4 runs on. */
export const oldestJava = 17;

/** The `java` to run: that of JAVA_HOME, else the one on the PATH; null when neither is new enough. */
export function findJava(env: NodeJS.ProcessEnv): string | null {
  const home = env['JAVA_HOME'];
  const candidates = home === undefined || home === '' ? ['java'] : [join(home, 'bin', 'java'), 'java'];
  return candidates.find((file) => versionOf(file) >= oldestJava) ?? null;
}

function versionOf(file: string): number {
  const { stderr } = spawnSync(file, ['-version'], { encoding: 'utf8', cwd: '/' });
  return javaMajor(stderr ?? '');
}

/** The major version in what `java -version` prints; 8 for its old spelling "1.8.0"; 0 when there is none. */
export function javaMajor(printed: string): number {
  const [, major, minor] = (/version "(\d+)(?:\.(\d+))?/.exec(printed) ?? []).map(Number);
  return (major === 1 ? minor : major) ?? 0;
}
