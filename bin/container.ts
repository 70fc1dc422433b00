import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './data-folder.ts';
import { scriptOf } from './roles.ts';

/*
 * `container.ts <role> [arguments]`: what every container of the image runs. Secrets come from a file that only this
 * role's container has; what its environment says wins.
 */
const SECRETS = '/run/roost/environment';

const [node = '', , role = '', ...rest] = process.argv;
const script = join(root, scriptOf(role));
if (existsSync(SECRETS)) process.loadEnvFile(SECRETS);
process.argv = [node, script, ...rest];
await import(script);
