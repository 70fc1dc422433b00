import { createHash } from 'node:crypto';
import type { ApolloServerOptions } from '@apollo/server';
import {
  Kind,
  parse,
  specifiedRules,
  validate,
  GraphQLError,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { BoundedMap } from '../platform/bounded-map.ts';
import { limitRules, TOKEN_LIMIT } from './limits.ts';

/** What the texts of clients mean: each read and checked once, however it arrives. */
export interface Documents {
  read(text: string): CheckedDocument;
  /** For Apollo, which asks for a document before it would parse and validate by itself. */
  store: NonNullable<ApolloServerOptions<object>['documentStore']>;
  /** Everything is checked anew, against another schema. */
  clear(): void;
}

export interface CheckedDocument {
  /** Empty when there are errors. */
  document: DocumentNode;
  /** Why it cannot be run, with the places in the text. */
  errors: GraphQLError[];
}

/** Characters of text whose documents are kept. A document in memory is up to fifty times its text. */
const TEXT_KEPT = 2_000_000;

const NOTHING: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

export function createDocuments(schema: () => GraphQLSchema): Documents {
  const documents = new BoundedMap<string, CheckedDocument & { length: number }>(
    TEXT_KEPT,
    ({ length }) => length,
  );
  return {
    read: (text) => {
      const hash = createHash('sha256').update(text).digest('hex');
      const known = documents.get(hash);
      if (known !== undefined) return known;
      const checked = { ...check(schema(), text), length: text.length };
      documents.set(hash, checked);
      return checked;
    },
    store: {
      // The key ends with the text's hash.
      get: async (key) => documents.get(key.slice(-64))?.document,
      set: async () => undefined,
      delete: async () => undefined,
    },
    clear: () => documents.clear(),
  };
}

function check(schema: GraphQLSchema, text: string): CheckedDocument {
  try {
    const located = parse(text, { maxTokens: TOKEN_LIMIT });
    // Our limits first: what they let through is small enough for the rest, one of whose rules throws otherwise.
    const errors = firstNotEmpty(
      () => validate(schema, located, limitRules),
      () => validate(schema, located, specifiedRules),
    );
    // Kept without its places in the text, which take more memory than all else.
    if (errors.length === 0) return { document: parse(text, { noLocation: true }), errors: [] };
    return refused(errors);
  } catch (err) {
    return refused([err]);
  }
}

const refused = (errors: readonly unknown[]): CheckedDocument => ({
  document: NOTHING,
  errors: errors.map((error) =>
    error instanceof GraphQLError
      ? new GraphQLError(error.message, {
          source: error.source ?? null,
          positions: error.positions ?? null,
          extensions: { code: 'BAD_USER_INPUT' },
        })
      : new GraphQLError('', { originalError: error as Error }),
  ),
});

const firstNotEmpty = (
  first: () => readonly GraphQLError[],
  second: () => readonly GraphQLError[],
): readonly GraphQLError[] => {
  const errors = first();
  return errors.length > 0 ? errors : second();
};
