import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { ArgumentRow } from './argument-row.tsx';
import { fieldIn, fieldNode, fragmentIn, inlineFragment, withArgument, withSelection } from './selection.ts';

interface TreeProps {
  schema: GraphQLSchema;
  type: GraphQLCompositeType;
  /** Undefined while nothing of it is selected. */
  set: SelectionSetNode | undefined;
  /** In small letters; fields without it in their names are left out, unless they are selected. */
  wanted?: string;
  onChange: (set: SelectionSetNode) => void;
}

/** The fields of a type, those of the types that it may stand for, and what fragments bring. */
export function SelectionTree({ schema, type, set, wanted = '', onChange }: TreeProps) {
  const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
  const shown = fields.filter(({ name }) => name.toLowerCase().includes(wanted) || fieldIn(set, name));
  const spreads = (set?.selections ?? []).filter((selection) => selection.kind === Kind.FRAGMENT_SPREAD);
  const replace = (old: SelectionNode | undefined, next: SelectionNode | undefined) =>
    onChange(withSelection(set, old, next));
  return (
    <ul className="tree">
      {spreads.map((spread) => (
        <li key={`...${spread.name.value}`}>
          <label className="tree-row">
            <input type="checkbox" checked onChange={() => replace(spread, undefined)} />
            <span className="tree-type">…{spread.name.value}</span>
          </label>
        </li>
      ))}
      {shown.map((field) => (
        <FieldRow key={field.name} schema={schema} field={field} set={set} onReplace={replace} />
      ))}
      {isAbstractType(type)
        ? schema.getPossibleTypes(type).map((possible) => {
            const node = fragmentIn(set, possible.name);
            return (
              <li key={possible.name}>
                <label className="tree-row">
                  <input
                    type="checkbox"
                    checked={node !== undefined}
                    onChange={() => replace(node, node ? undefined : inlineFragment(possible.name))}
                  />
                  <span className="tree-type">on {possible.name}</span>
                </label>
                {node ? (
                  <SelectionTree
                    schema={schema}
                    type={possible}
                    set={node.selectionSet}
                    onChange={(selectionSet) => replace(node, { ...node, selectionSet })}
                  />
                ) : null}
              </li>
            );
          })
        : null}
    </ul>
  );
}

interface FieldRowProps extends Pick<TreeProps, 'schema' | 'set'> {
  field: GraphQLField<unknown, unknown>;
  onReplace: (old: SelectionNode | undefined, next: SelectionNode | undefined) => void;
}

function FieldRow({ schema, field, set, onReplace }: FieldRowProps) {
  const node = fieldIn(set, field.name);
  const type = getNamedType(field.type);
  return (
    <li>
      <label className="tree-row" title={field.description ?? undefined}>
        <input
          type="checkbox"
          checked={node !== undefined}
          onChange={() => onReplace(node, node ? undefined : fieldNode(field))}
        />
        <span className={field.deprecationReason == null ? 'tree-name' : 'tree-name tree-old'}>
          {field.name}
        </span>
        <span className="tree-type">{String(field.type)}</span>
      </label>
      {node ? (
        <>
          {field.args.length > 0 ? (
            <ul className="tree tree-arguments">
              {field.args.map((argument) => (
                <ArgumentRow
                  key={argument.name}
                  argument={argument}
                  value={node.arguments?.find(({ name }) => name.value === argument.name)?.value ?? null}
                  onChange={(value) => onReplace(node, withArgument(node, argument.name, value))}
                />
              ))}
            </ul>
          ) : null}
          {isCompositeType(type) ? (
            <SelectionTree
              schema={schema}
              type={type}
              set={node.selectionSet}
              onChange={(selectionSet) => onReplace(node, { ...node, selectionSet })}
            />
          ) : null}
        </>
      ) : null}
    </li>
  );
}
