import { getDirectiveValues, GraphQLIncludeDirective, GraphQLSkipDirective, Kind, parse } from 'graphql';
import type { DocumentNode, FormattedExecutionResult, SelectionNode, SelectionSetNode } from 'graphql';
import { OUT_OF_REACH } from './known-viewer.ts';

type Variables = Record<string, unknown>;

/**
 * A fetch that brought nothing has one error, about all of it. Here it is put at each field that is lost, so that a client
 * tells by `path` a null that means something from one that was not to be had. A fetch of many entities keeps its one:
 * told of each field of each, it would be longer than the answer.
 * @param query what the subgraph was asked.
 */
export function withLostFields(
  query: string,
  variables: Variables,
  answer: FormattedExecutionResult,
): FormattedExecutionResult {
  const { errors = [], data } = answer;
  const isLost = errors.every(({ path, extensions }) => !path && OUT_OF_REACH.has(extensions?.['code']));
  if (errors.length === 0 || !isLost) return answer;
  const paths = lostIn(parse(query, { noLocation: true }), variables, data ?? {});
  if (paths.length === 0) return answer;
  return { ...answer, errors: errors.flatMap((error) => paths.map((path) => ({ ...error, path }))) };
}

/** Those that an answer has not, under the names that it would have them by. */
function lostIn(document: DocumentNode, variables: Variables, data: Variables): (string | number)[][] {
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return [];
  /** @param on of which type the object is; null when there is one possibility only. */
  const fieldsIn = ({ selections }: SelectionSetNode, on: string | null): Field[] =>
    selections.flatMap((selection) => {
      if (!isAsked(selection, variables)) return [];
      if (selection.kind === Kind.FIELD) {
        const { name, alias, selectionSet } = selection;
        return name.value === '__typename'
          ? []
          : [{ key: (alias ?? name).value, name: name.value, selectionSet }];
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragmentOf(selection.name.value);
      const type = fragment?.typeCondition?.name.value;
      const isApart = on !== null && type !== undefined && type !== on;
      return fragment === undefined || isApart ? [] : fieldsIn(fragment.selectionSet, on);
    });
  const fragmentOf = (name: string) =>
    document.definitions.find(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
    ) as Extract<DocumentNode['definitions'][number], { kind: Kind.FRAGMENT_DEFINITION }> | undefined;

  return fieldsIn(operation.selectionSet, null).flatMap(({ key, name, selectionSet }) => {
    if (name === '_entities' && selectionSet !== undefined) {
      const [entity, ...others] = variables['representations'] as { __typename: string }[];
      if (entity === undefined || others.length > 0) return [];
      return fieldsIn(selectionSet, entity.__typename).map((field) => [key, 0, field.key]);
    }
    const there = data[key];
    if (typeof there !== 'object' || there === null || selectionSet === undefined) return [[key]];
    return fieldsIn(selectionSet, null).flatMap((field) => (field.key in there ? [] : [[key, field.key]]));
  });
}

interface Field {
  key: string;
  name: string;
  selectionSet: SelectionSetNode | undefined;
}

const isAsked = (selection: SelectionNode, variables: Variables): boolean =>
  getDirectiveValues(GraphQLSkipDirective, selection, variables)?.['if'] !== true &&
  getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.['if'] !== false;
