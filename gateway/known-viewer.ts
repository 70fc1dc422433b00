import {
  Kind,
  parse,
  type DocumentNode,
  type FormattedExecutionResult,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { globalId } from '../subgraphs/global-id.ts';
import type { Viewer } from '../subgraphs/viewer.ts';

/** What a fetch that brought nothing is told to be. */
export const OUT_OF_REACH = new Set<unknown>(['UNAVAILABLE', 'TIMEOUT']);

/**
 * `Query.viewer` is in all of our subgraphs, and the planner asks one of them for its `id`. When that one is out of
 * reach, what the others know of the viewer would be lost for want of an id that the session tells as well: so it is put
 * in here, beside the error of what is lost. Any other answer is left as it is.
 * @param query what the subgraph was asked.
 */
export function withKnownViewer(
  query: string,
  answer: FormattedExecutionResult,
  viewer: Viewer | null,
): FormattedExecutionResult {
  const { data, errors = [] } = answer;
  const isLost =
    errors.length > 0 && errors.every(({ extensions }) => OUT_OF_REACH.has(extensions?.['code']));
  if (viewer === null || !isLost || (data !== null && data !== undefined)) return answer;
  const id = globalId('user', viewer.userId);
  const known: Record<string, unknown> = {};
  const document = parse(query, { noLocation: true });
  for (const { name, key, selectionSet } of rootFields(document)) {
    if (name === 'viewer' && selectionSet !== undefined)
      known[key] = Object.fromEntries(
        fieldsIn(selectionSet, document).flatMap((field) => {
          if (field.name === 'id') return [[field.key, id]];
          return field.name === '__typename' ? [[field.key, 'Viewer']] : [];
        }),
      );
  }
  return Object.keys(known).length === 0 ? answer : { ...answer, data: known };
}

interface Field {
  name: string;
  /** Under which it is answered. */
  key: string;
  selectionSet: SelectionSetNode | undefined;
}

const rootFields = (document: DocumentNode): Field[] =>
  document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION && definition.operation === 'query'
      ? fieldsIn(definition.selectionSet, document)
      : [],
  );

/** With those of fragments: `Query` and `Viewer` are no more than themselves. */
const fieldsIn = ({ selections }: SelectionSetNode, document: DocumentNode): Field[] =>
  selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) {
      const { name, alias, selectionSet } = selection;
      return [{ name: name.value, key: (alias ?? name).value, selectionSet }];
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : document.definitions.find(
            (definition): definition is FragmentDefinitionNode =>
              definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
          );
    return fragment === undefined ? [] : fieldsIn(fragment.selectionSet, document);
  });
