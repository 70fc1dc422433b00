import { parseArgs } from 'node:util';

/** Reads on/off flags; a sentence on stderr and exit code 2 for anything else. */
export function parseFlags<Name extends string>(names: readonly Name[]): Record<Name, boolean> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'boolean' as const }]));
  try {
    const { values } = parseArgs({ options });
    return Object.fromEntries(names.map((name) => [name, values[name] === true])) as Record<Name, boolean>;
  } catch (err) {
    const unknown = /'(-[^']*|[^']+)'/.exec(err instanceof Error ? err.message : '')?.[1] ?? 'An argument';
    console.error(`${unknown} is not understood here. Try --help.`);
    process.exit(2);
  }
}
