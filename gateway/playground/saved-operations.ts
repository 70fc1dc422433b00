import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Kind,
  parse,
  TokenKind,
  visit,
  type DefinitionNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type Token,
} from 'graphql';

/** An operation that the playground offers. */
export interface SavedOperation {
  /** What it is for, as people call it. */
  screen: string;
  name: string;
  kind: `${OperationDefinitionNode['operation']}`;
  /** The comment above it. */
  sentence: string;
  /** With that comment, and with the fragments that it spreads: whole by itself. */
  text: string;
  /** To begin with. Values such as `$tweetId` become something real when it is opened: see `app/saved/examples.ts`. */
  variables: Record<string, unknown>;
}

const folder = join(import.meta.dirname, 'operations');

/** The files of `operations/screens/` in the order of the list, with the names of their screens. */
const screens: Record<string, string> = {
  home: 'Home',
  why: 'Why, and how far',
  thread: 'Thread',
  writing: 'Writing',
  bookmarks: 'Bookmarks',
  hashtag: 'Hashtag',
  people: 'People',
  'follow-requests': 'Follow requests',
  'sign-in': 'Signing in and up',
  settings: 'Settings',
  anything: 'Anything',
};

/** Screen by screen, the first steps before all. Throws on a file of no screen, and on a fragment that is nowhere. */
export function readSavedOperations(): SavedOperation[] {
  return [...firstSteps(), ...operationsOfScreens()];
}

/** One file each, in the order in which to try them; the variables beside it. */
const firstSteps = (): SavedOperation[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .toSorted()
    .flatMap((file) => {
      const variables = jsonBeside(join(folder, file));
      return read(readFileSync(join(folder, file), 'utf8'), 'First steps', new Map(), () => variables);
    });

function operationsOfScreens(): SavedOperation[] {
  const files = readdirSync(join(folder, 'screens'));
  const known = new Set(
    ['fragments', ...Object.keys(screens)].flatMap((name) => [`${name}.graphql`, `${name}.json`]),
  );
  const stray = files.filter((file) => !known.has(file));
  if (stray.length > 0) throw new Error(`Of no screen: ${stray.join(', ')}`);

  const shared = fragmentsIn(readFileSync(join(folder, 'screens/fragments.graphql'), 'utf8'));
  return Object.entries(screens).flatMap(([file, screen]) => {
    const path = join(folder, 'screens', `${file}.graphql`);
    const variables = jsonBeside(path);
    const of = (name: string) => (variables[name] ?? {}) as Record<string, unknown>;
    return read(readFileSync(path, 'utf8'), screen, shared, of);
  });
}

function read(
  source: string,
  screen: string,
  shared: ReadonlyMap<string, FragmentDefinitionNode>,
  variablesOf: (name: string) => Record<string, unknown>,
): SavedOperation[] {
  const fragments = new Map([...shared, ...fragmentsIn(source)]);
  return parse(source)
    .definitions.filter(isOperation)
    .map((operation) => {
      const name = operation.name?.value ?? '';
      const comment = commentAbove(operation.loc?.startToken);
      const parts = [operation, ...spreadBy(operation, fragments)].map(textOf);
      return {
        screen,
        name,
        kind: operation.operation,
        sentence: comment.join(' '),
        text: `${comment.map((line) => `# ${line}\n`).join('')}${parts.join('\n\n')}\n`,
        variables: variablesOf(name),
      };
    });
}

const isOperation = (definition: DefinitionNode): definition is OperationDefinitionNode =>
  definition.kind === Kind.OPERATION_DEFINITION;

const fragmentsIn = (source: string): Map<string, FragmentDefinitionNode> =>
  new Map(
    parse(source)
      .definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );

/** All that it spreads, by way of others too, in the order of their first use. */
function spreadBy(
  definition: DefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  found = new Set<FragmentDefinitionNode>(),
): Set<FragmentDefinitionNode> {
  visit(definition, {
    FragmentSpread: ({ name: { value } }) => {
      const fragment = fragments.get(value);
      if (fragment === undefined) throw new Error(`There is no fragment ${value}`);
      if (found.has(fragment)) return;
      found.add(fragment);
      spreadBy(fragment, fragments, found);
    },
  });
  return found;
}

const textOf = ({ loc }: DefinitionNode): string => loc?.source.body.slice(loc.start, loc.end) ?? '';

function commentAbove(token: Token | undefined): string[] {
  const above = token?.prev;
  if (above?.kind !== TokenKind.COMMENT) return [];
  return [...commentAbove(above), above.value.trim()];
}

function jsonBeside(file: string): Record<string, unknown> {
  const json = file.replace('.graphql', '.json');
  return existsSync(json) ? (JSON.parse(readFileSync(json, 'utf8')) as Record<string, unknown>) : {};
}
