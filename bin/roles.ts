import { subgraphs } from './secrets.ts';

const processesOf = (name: string): [role: string, script: string][] => [
  [name, `subgraphs/${name}/main.ts`],
  [`${name}-worker`, `subgraphs/${name}/worker.ts`],
];

/** What a process of Roost can be, and the script that is it. The processes of either shape, then what is run once. */
export const roles: Readonly<Record<string, string>> = {
  supergraph: 'bin/supergraph.ts',
  gateway: 'bin/distributed-gateway.ts',
  ...Object.fromEntries(subgraphs.flatMap(processesOf)),
  web: 'bin/web.ts',
  crowd: 'demo/crowd.ts',
  secrets: 'bin/container-secrets.ts',
  migrate: 'bin/migrate.ts',
  demo: 'demo/main.ts',
};

/** @throws when there is no such role. */
export function scriptOf(role: string): string {
  const script = Object.hasOwn(roles, role) ? roles[role] : undefined;
  if (script === undefined)
    throw new Error(`"${role}" is no role. There are: ${Object.keys(roles).join(', ')}.`);
  return script;
}
