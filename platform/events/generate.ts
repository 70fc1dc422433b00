import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { accept, incompatibilities } from './compatibility.ts';
import { historyFile, readHistory, readSchemas } from './schemas.ts';
import { interfacesOf } from './typescript.ts';

/**
 * `node platform/events/generate.ts` after an `.avsc` was written or changed: accepts the schemas into the history and
 * writes their TypeScript types. Refuses what would break a reader. Both files are committed; with `--check` nothing is
 * written, and a difference is a fault.
 */
const schemas = readSchemas();
const history = readHistory();
const faults = incompatibilities(schemas, history);

const outputs = {
  [historyFile]: `${JSON.stringify(accept(schemas, history))}\n`,
  'schemas.generated.ts': `// Made of the .avsc files by generate.ts.\n\n${schemas.map(interfacesOf).join('\n\n')}\n`,
};

for (const [file, text] of Object.entries(faults.length === 0 ? outputs : {})) {
  const path = new URL(file, import.meta.url).pathname;
  const formatted = await format(text, { ...(await resolveConfig(path)), filepath: path });
  if (readFileSync(path, 'utf8') === formatted) continue;
  if (process.argv.includes('--check'))
    faults.push(`${file} is older than the .avsc files: run npm run generate.`);
  else writeFileSync(path, formatted);
}

if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exitCode = 1;
}
