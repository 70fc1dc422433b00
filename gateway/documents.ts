import { createHash } from 'node:crypto';
import type { ApolloServerOptions } from '@apollo/server';
import {
  Kind,
  parse,
  getVariableValues,
  specifiedRules,
  validate,
  GraphQLError,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { BoundedMap } from '../platform/bounded-map.ts';
import { badUserInput } from '../subgraphs/errors.ts';
import { limitRules, noIntrospection, TOKEN_LIMIT } from './limits.ts';

/** What the texts of clients mean: each read and checked once, however it arrives. */
export interface Documents {
  read(text: string): ReadDocument;
  /** What is wrong with the values of an operation's variables: a few of it, since whoever runs it would tell all. */
  faultsIn(operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): GraphQLError[];
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

export interface ReadDocument extends CheckedDocument {
  /** Whether it had to be parsed and validated for this, and nobody wrote it down beforehand. */
  isNew: boolean;
}

/** Characters of text whose documents are kept. A document in memory is up to fifty times its text. */
const TEXT_KEPT = 2_000_000;

/** Of variables. Each takes 65 µs, and some take hundreds of values. */
const FAULTS_TOLD = 10;

const NOTHING: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

export interface DocumentOptions {
  /** Whether clients may ask for the schema. */
  introspection: boolean;
  /** Which texts there may be, by the hash in hex; null for all. Those that only ask for the schema may be any. */
  only: { has(hash: string): boolean } | null;
  /** Which texts are never new: so few that reading each once is nothing. */
  writtenDown?: { has(hash: string): boolean };
}

export function createDocuments(
  schema: () => GraphQLSchema,
  { introspection, only, writtenDown }: DocumentOptions,
): Documents {
  const limits = introspection ? limitRules : [...limitRules, noIntrospection];
  const documents = new BoundedMap<string, CheckedDocument & { length: number }>(
    TEXT_KEPT,
    ({ length }) => length,
  );

  const told = (error: GraphQLError) => (introspection ? error : withoutGuess(error));

  function check(text: string, hash: string): CheckedDocument {
    try {
      const located = parse(text, { maxTokens: TOKEN_LIMIT });
      if (only !== null && !only.has(hash) && !asksForSchemaAlone(located))
        return refused([notWrittenDown()]);
      // Our limits first: what they let through is small enough for the rest, one of whose rules throws otherwise.
      for (const rules of [limits, specifiedRules]) {
        const errors = validate(schema(), located, rules);
        if (errors.length > 0) return refused(errors.map(told));
      }
      // Kept without its places in the text, which take more memory than all else.
      return { document: parse(text, { noLocation: true }), errors: [] };
    } catch (err) {
      return refused([err]);
    }
  }

  return {
    read: (text) => {
      const hash = createHash('sha256').update(text).digest('hex');
      const known = documents.get(hash);
      if (known !== undefined) return { ...known, isNew: false };
      const checked = { ...check(text, hash), length: text.length };
      documents.set(hash, checked);
      return { ...checked, isNew: writtenDown?.has(hash) !== true };
    },
    faultsIn: ({ variableDefinitions = [] }, variables) => {
      const options = { maxErrors: FAULTS_TOLD };
      const { errors = [] } = getVariableValues(schema(), variableDefinitions, variables, options);
      return errors.map((error) => badUserInput(told(error).message));
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

const refused = (errors: readonly unknown[]): CheckedDocument => ({
  document: NOTHING,
  errors: errors.map((error) =>
    error instanceof GraphQLError
      ? new GraphQLError(error.message, {
          source: error.source ?? null,
          positions: error.positions ?? null,
          extensions: { code: error.extensions['code'] ?? 'BAD_USER_INPUT' },
        })
      : new GraphQLError('', { originalError: error as Error }),
  ),
});

/** Names that are nearly right would be told the right ones, and so the schema, word by word. */
const withoutGuess = (error: GraphQLError): GraphQLError => {
  const { source, positions, extensions } = error;
  const message = error.message.replace(/ Did you mean .+\?$/s, '');
  return new GraphQLError(message, { source: source ?? null, positions: positions ?? null, extensions });
};

const asksForSchemaAlone = ({ definitions }: DocumentNode): boolean =>
  definitions.every(
    (definition) =>
      definition.kind !== Kind.OPERATION_DEFINITION ||
      definition.selectionSet.selections.every(
        (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
      ),
  );

const notWrittenDown = () =>
  new GraphQLError(
    'Only operations that were written down beforehand are answered here: send the documentId of one of them.',
    { extensions: { code: 'FORBIDDEN' } },
  );
