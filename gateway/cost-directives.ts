import {
  Kind,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DirectiveNode,
} from 'graphql';

/** What a field says of how many it returns: `@listSize`. */
export interface ListSize {
  /** How many where no argument tells; null when nothing is said. */
  assumedSize: number | null;
  /** Arguments that tell how many, each as the way into it: `['input', 'first']` for `input.first`. */
  slicingArguments: string[][];
  /** Fields of the answer that are the lists, as `edges` of a connection. Empty when the field is the list. */
  sizedFields: string[];
}

/** What a schema declares of costs, by schema coordinates: `User`, `User.tweets`, `User.tweets(first:)`. */
export interface CostDirectives {
  weights: ReadonlyMap<string, number>;
  listSizes: ReadonlyMap<string, ListSize>;
}

const COST_SPEC = /^https:\/\/specs\.apollo\.dev\/cost\/v0\.\d+$/;

/**
 * `@cost` and `@listSize` of a supergraph, by whatever names its subgraphs import them. One that links no specification
 * of costs declares none.
 */
export function readCostDirectives(supergraphSdl: string): CostDirectives {
  const { definitions } = parse(supergraphSdl, { noLocation: true });
  const names = directiveNames(definitions);
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();

  function note(coordinate: string, directives: readonly ConstDirectiveNode[] = []): void {
    for (const directive of directives) {
      if (directive.name.value === names.cost) {
        weights.set(coordinate, Number(argumentsOf(directive)['weight']));
      } else if (directive.name.value === names.listSize) {
        listSizes.set(coordinate, listSizeOf(argumentsOf(directive)));
      }
    }
  }

  for (const definition of definitions) {
    if (!('name' in definition) || definition.name === undefined) continue;
    const name = definition.name.value;
    if (definition.kind !== Kind.DIRECTIVE_DEFINITION) note(name, definition.directives as never);
    if (!('fields' in definition)) continue;
    for (const field of definition.fields ?? []) {
      const coordinate = `${name}.${field.name.value}`;
      note(coordinate, field.directives);
      if (!('arguments' in field)) continue;
      for (const argument of field.arguments ?? [])
        note(`${coordinate}(${argument.name.value}:)`, argument.directives);
    }
  }
  return { weights, listSizes };
}

/** Under which names the supergraph knows them: the specification's rules of `@link`. */
function directiveNames(definitions: readonly DefinitionNode[]) {
  const links = definitions
    .flatMap((definition) =>
      definition.kind === Kind.SCHEMA_DEFINITION ? (definition.directives ?? []) : [],
    )
    .map((directive) => argumentsOf(directive));
  const link = links.find(({ url }) => COST_SPEC.test(String(url)));
  if (link === undefined) return { cost: null, listSize: null };
  const namespace = typeof link['as'] === 'string' ? link['as'] : 'cost';
  const imported = (wanted: string): string | undefined => {
    for (const item of (link['import'] ?? []) as (string | { name: string; as?: string })[]) {
      const { name, as = name } = typeof item === 'string' ? { name: item } : item;
      if (name === `@${wanted}`) return as.slice(1);
    }
    return undefined;
  };
  return {
    // A directive that has the name of its specification needs no import.
    cost: imported('cost') ?? namespace,
    listSize: imported('listSize') ?? `${namespace}__listSize`,
  };
}

function listSizeOf(said: Record<string, unknown>): ListSize {
  const {
    assumedSize = null,
    slicingArguments = [],
    sizedFields = [],
  } = said as Partial<{
    assumedSize: number;
    slicingArguments: string[];
    sizedFields: string[];
  }>;
  return {
    assumedSize,
    slicingArguments: slicingArguments.map((path) => path.split('.')),
    sizedFields,
  };
}

const argumentsOf = ({ arguments: given = [] }: DirectiveNode): Record<string, unknown> =>
  Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));
