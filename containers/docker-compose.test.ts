import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseEnv } from 'node:util';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { roles, scriptOf } from '../bin/roles.ts';
import { readComposeFile, type ComposeService } from './compose-file.ts';

const root = join(import.meta.dirname, '..');
const compose = readComposeFile();
const ours = Object.entries(compose.services).filter(([, { image }]) => image === 'roost');
const roleOf = ({ command = [] }: ComposeService) => command[0] ?? '';

/** All the code that a script runs, as text: its own, and that of the files that it imports. */
function sourceOf(script: string, seen = new Set<string>()): string {
  if (seen.has(script) || !existsSync(script)) return '';
  seen.add(script);
  const source = readFileSync(script, 'utf8');
  const imported = [...source.matchAll(/\bfrom '(\.[^']+\.ts)'/g)].map(([, path = '']) =>
    join(dirname(script), path),
  );
  return [source, ...imported.map((path) => sourceOf(path, seen))].join('\n');
}

/** Next finds the pages by themselves, and the name of a subgraph makes the names of its own variables. */
function reads(role: string, variable: string): boolean {
  const pages =
    role === 'web' ? globSync('web/app/**/*.tsx', { cwd: root }).map((page) => join(root, page)) : [];
  const source = [join(root, scriptOf(role)), ...pages].map((script) => sourceOf(script)).join('\n');
  const own = variable.replace(`${role.toUpperCase()}_ASSERTION`, '_ASSERTION');
  return new RegExp(`\\b${variable}\\b`).test(source) || (own !== variable && source.includes(own));
}

describe('docker-compose.yml', () => {
  let validate: ValidateFunction;
  beforeAll(() => {
    const schema = JSON.parse(
      readFileSync(join(import.meta.dirname, 'compose-spec/compose-spec.json'), 'utf8'),
    ) as object;
    // The schema has annotations that ajv does not know, and formats that Docker checks.
    validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
  });

  it('is a Compose file by the schema of the specification', () => {
    validate(compose);
    expect(validate.errors).toBeNull();
  });

  it('would be refused by the schema with a word that Compose does not know', () => {
    const { web } = compose.services;
    expect(
      validate({ ...compose, services: { ...compose.services, web: { ...web, restarts: 'always' } } }),
    ).toBe(false);
  });

  it('runs every role of the distributed shape, each in a service of its name, and no other', () => {
    expect(ours.map(([name, service]) => [name, roleOf(service)])).toEqual(
      ours.map(([name]) => [name, name]),
    );
    expect(ours.map(([name]) => name).toSorted()).toEqual(
      Object.keys(roles)
        .filter((role) => role !== 'supergraph')
        .toSorted(),
    );
  });

  it.each(Object.entries(roles))('has a script for the role %s', (_, script) => {
    expect(existsSync(join(root, script))).toBe(true);
  });

  it.each(ours)('tells the %s nothing that it does not read', (_, service) => {
    const unread = Object.keys(service.environment ?? {}).filter(
      (variable) => !reads(roleOf(service), variable),
    );
    expect(unread).toEqual([]);
  });

  it('waits only for services that are there', () => {
    const awaited = Object.values(compose.services).flatMap((service) =>
      Object.keys(service.depends_on ?? {}),
    );
    expect(awaited.filter((name) => !(name in compose.services))).toEqual([]);
  });

  it('publishes the web and the gateway only, on this machine', () => {
    const published = Object.entries(compose.services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => [name, port]),
    );
    expect(published).toEqual([
      ['web', '127.0.0.1:3000:3000'],
      ['gateway', '127.0.0.1:4000:4000'],
    ]);
  });
});

describe('the image', () => {
  const copied = [
    ...readFileSync(join(root, 'Dockerfile'), 'utf8').matchAll(/^COPY --from=build \/roost\/(\w+) /gm),
  ];

  it.each(Object.entries(roles))('has all files of the %s', (_, script) => {
    const files = new Set<string>();
    sourceOf(join(root, script), files);
    const folders = [...files].map((path) => relative(root, path).split('/')[0]);
    expect(copied.map(([, folder]) => folder)).toEqual(expect.arrayContaining([...new Set(folders)]));
  });
});

describe('the role of secrets', () => {
  it('makes them once, and gives each service a folder with what it reads and no more', () => {
    const folder = mkdtempSync(join(tmpdir(), 'roost-secrets-'));
    const run = () =>
      execFileSync(process.execPath, [join(root, scriptOf('secrets'))], { env: { SECRETS_DIR: folder } });
    const secretsOf = (name: string) => parseEnv(readFileSync(join(folder, name, 'environment'), 'utf8'));
    try {
      run();
      const first = ours
        .filter(([name]) => name !== 'secrets')
        .map(([name]) => [name, secretsOf(name)] as const);
      for (const [name, secrets] of first) {
        const variables = Object.keys(secrets);
        expect([name, variables.filter((variable) => !reads(name, variable))]).toEqual([name, []]);
        expect(Object.values(secrets)).not.toContain('undefined');
      }
      const mounted = Object.values(compose.services).flatMap(({ volumes = [] }) =>
        volumes.flatMap(({ source, volume }) => (source === 'secrets' && volume ? [volume.subpath] : [])),
      );
      expect(mounted.filter((subpath) => !existsSync(join(folder, subpath)))).toEqual([]);

      run();
      expect(first.map(([name]) => [name, secretsOf(name)])).toEqual(first);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
