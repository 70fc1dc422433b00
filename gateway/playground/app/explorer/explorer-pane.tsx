import { useGraphiQL, useGraphiQLActions, type MonacoEditor } from '@graphiql/react';
import {
  Kind,
  OperationTypeNode,
  parse,
  type DefinitionNode,
  type GraphQLObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { useMemo, useState, useSyncExternalStore, type KeyboardEvent } from 'react';
import { SelectionTree } from './selection-tree.tsx';
import { emptyOperation, withOperation } from './selection.ts';

const kinds = Object.values(OperationTypeNode);

/** Builds the operation of the editor by ticking fields. What is written there by hand shows here, and stays. */
export function ExplorerPane() {
  const { schema, queryEditor } = useGraphiQL(({ schema: read, queryEditor: editor }) => ({
    schema: read,
    queryEditor: editor,
  }));
  if (!schema || !queryEditor)
    return <p className="empty">Fields to choose from show here once the schema is read.</p>;
  return <Explorer schema={schema} editor={queryEditor} />;
}

function Explorer({
  schema,
  editor,
}: {
  schema: Parameters<typeof SelectionTree>[0]['schema'];
  editor: MonacoEditor;
}) {
  const { addTab } = useGraphiQLActions();
  const operationName = useGraphiQL((state) => state.operationName);
  const [wanted, setWanted] = useState('');
  const [nextKind, setNextKind] = useState<OperationTypeNode>(OperationTypeNode.QUERY);
  // Of the editor itself: GraphiQL hears of a change a moment later, and two ticks may be faster.
  const text = useSyncExternalStore(
    (changed) => {
      const listening = editor.onDidChangeModelContent(changed);
      return () => listening.dispose();
    },
    () => editor.getValue(),
  );
  const operations = useMemo(() => operationsIn(text), [text]);
  if (operations === null) return <p className="empty">The operation cannot be read as it is.</p>;

  const operation = operations.find(({ name }) => name?.value === operationName) ?? operations[0];
  const kind = operation?.operation ?? nextKind;
  const root = schema.getRootType(kind);
  const sought = wanted.trim().toLowerCase();

  const write = (set: SelectionSetNode) => {
    // A subscription has one field.
    const selections = kind === OperationTypeNode.SUBSCRIPTION ? set.selections.slice(-1) : set.selections;
    const next = { ...(operation ?? emptyOperation(kind)), selectionSet: { ...set, selections } };
    const range = editor.getModel()?.getFullModelRange();
    // An edit like those by hand: it can be undone.
    if (range) editor.executeEdits('explorer', [{ range, text: withOperation(text, operation, next) }]);
  };
  const begin = (other: OperationTypeNode) => {
    if (operation !== undefined) addTab();
    setNextKind(other);
  };

  return (
    <div className="explorer" onKeyDown={moveByArrows}>
      <div className="pane-tools">
        <select
          aria-label="Kind of operation"
          value={kind}
          onChange={({ target }) => begin(target.value as OperationTypeNode)}
        >
          {kinds.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
        <input
          type="search"
          aria-label={`Find a ${kind}`}
          placeholder={`Find a ${kind}`}
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
        />
      </div>
      {root && !hasLike(root, sought) ? (
        <p className="empty">No {kind} is called like that. The docs find what is deeper.</p>
      ) : null}
      {root ? (
        <SelectionTree
          schema={schema}
          type={root}
          set={operation?.selectionSet}
          wanted={sought}
          onChange={write}
        />
      ) : (
        <p className="empty">This API has none of these.</p>
      )}
    </div>
  );
}

/** Null when the text cannot be read; none when there is nothing but comments in it. */
function operationsIn(text: string): OperationDefinitionNode[] | null {
  if (text.replaceAll(/#.*/g, '').trim() === '') return [];
  try {
    return parse(text).definitions.filter(isOperation);
  } catch {
    return null;
  }
}

const hasLike = (type: GraphQLObjectType, sought: string): boolean =>
  Object.keys(type.getFields()).some((name) => name.toLowerCase().includes(sought));

const isOperation = (definition: DefinitionNode): definition is OperationDefinitionNode =>
  definition.kind === Kind.OPERATION_DEFINITION;

/** Up and down lead from one row to the next; Tab goes on through everything, as anywhere. */
function moveByArrows(event: KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const target = event.target as HTMLElement;
  if (step === undefined || !target.matches('input[type=checkbox]')) return;
  event.preventDefault();
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('input[type=checkbox]')];
  rows[rows.indexOf(target) + step]?.focus();
}
