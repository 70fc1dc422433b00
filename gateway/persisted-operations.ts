import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { ConfigError } from '../platform/process/config.ts';

/** Operations that were written down when a client was built, by the SHA-256 of their texts. */
export interface PersistedOperations {
  /** @param documentId the hash in hex, with or without `sha256:` before it. Undefined when it is not written down. */
  textOf(documentId: string): string | undefined;
  /** Whether a text is written down, by its hash in hex. */
  has(hash: string): boolean;
}

const manifest = z.record(z.string().regex(/^(sha256:)?[0-9a-f]{64}$/), z.string().min(1));

/**
 * Reads a manifest, an object from id to text in JSON, as GraphQL Code Generator and others write it. Throws a
 * `ConfigError` when the file is no such thing, or an id is not the hash of its text.
 * @param file null when there is none.
 */
export function readPersistedOperations(file: string | null): PersistedOperations {
  const texts = file === null ? new Map<string, string>() : new Map(read(file));
  return { textOf: (documentId) => texts.get(bare(documentId)), has: (hash) => texts.has(hash) };
}

function read(file: string): [hash: string, text: string][] {
  try {
    return Object.entries(manifest.parse(JSON.parse(readFileSync(file, 'utf8')))).map(([id, text]) => {
      const hash = createHash('sha256').update(text).digest('hex');
      if (hash !== bare(id)) throw new Error(`${id} is not the SHA-256 of its text`);
      return [hash, text];
    });
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new ConfigError(`PERSISTED_OPERATIONS names no manifest of operations: ${why}`, { cause });
  }
}

const bare = (documentId: string): string => documentId.replace(/^sha256:/, '');

/** For an id that no text is known by: clients send the text, then. */
export const unknownDocument = () =>
  new GraphQLError('No operation is known here by this documentId. Send its text as `query`.', {
    extensions: { code: 'NOT_FOUND' },
  });
