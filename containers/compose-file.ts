import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** What the tests look at; the schema says what else there is. */
export interface ComposeFile {
  services: Record<string, ComposeService>;
}

export interface ComposeService {
  image: string;
  command?: string[];
  environment?: Record<string, string | number>;
  ports?: string[];
  volumes?: { source: string; target: string; volume?: { subpath: string } }[];
  depends_on?: Record<string, unknown>;
}

const file = join(import.meta.dirname, '../docker-compose.yml');

/** `docker-compose.yml` with its variables at their defaults, and its anchors and merges resolved. */
export function readComposeFile(): ComposeFile {
  const withDefaults = (_: unknown, value: unknown): unknown =>
    typeof value === 'string'
      ? value.replaceAll(/\$\{\w+:(?:-([^}]*)|\+[^}]*)\}/g, (_whole, otherwise = '') => String(otherwise))
      : value;
  return parse(readFileSync(file, 'utf8'), withDefaults, { merge: true }) as ComposeFile;
}
