import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  print,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type ObjectValueNode,
  type ValueNode,
} from 'graphql';
import { useEffect, useState } from 'react';
import { firstValue, readValue, withInputField } from './selection.ts';

interface ArgumentRowProps {
  argument: GraphQLArgument | GraphQLInputField;
  /** Null while it is not given. */
  value: ValueNode | null;
  onChange: (value: ValueNode | null) => void;
}

/** An argument of a selected field or a field of an input, and the value that it is given. */
export function ArgumentRow({ argument, value, onChange }: ArgumentRowProps) {
  const { name, type, defaultValue, description } = argument;
  const isRequired = isNonNullType(type) && defaultValue === undefined;
  const fields = fieldsOf(type);
  const parts = value?.kind === Kind.OBJECT && fields !== null ? { value, fields } : null;
  return (
    <li>
      <div className="tree-row" title={description ?? undefined}>
        <label>
          <input
            type="checkbox"
            checked={value !== null}
            disabled={isRequired && value !== null}
            onChange={() => onChange(value === null ? firstValue(type, defaultValue) : null)}
          />
          <span className="tree-argument">{name}</span>
        </label>
        {value === null || parts !== null ? (
          <span className="tree-type">{String(type)}</span>
        ) : (
          <ValueField
            label={`${name}: ${String(type)}`}
            choices={choicesOf(type)}
            value={value}
            onChange={onChange}
          />
        )}
      </div>
      {parts === null ? null : <InputFields {...parts} onChange={onChange} />}
    </li>
  );
}

interface InputFieldsProps {
  fields: GraphQLInputField[];
  value: ObjectValueNode;
  onChange: (value: ValueNode) => void;
}

const InputFields = ({ fields, value, onChange }: InputFieldsProps) => (
  <ul className="tree tree-arguments">
    {fields.map((field) => (
      <ArgumentRow
        key={field.name}
        argument={field}
        value={value.fields.find(({ name }) => name.value === field.name)?.value ?? null}
        onChange={(next) => onChange(withInputField(value, field.name, next))}
      />
    ))}
  </ul>
);

interface ValueFieldProps {
  label: string;
  /** Null when anything can be written. */
  choices: string[] | null;
  value: ValueNode;
  onChange: (value: ValueNode) => void;
}

/** Takes a value as it is written in GraphQL; a variable, too. What is none yet changes nothing. */
function ValueField({ label, choices, value, onChange }: ValueFieldProps) {
  const written = print(value);
  const [text, setText] = useState(written);
  useEffect(() => setText(written), [written]);
  const take = (next: string) => {
    setText(next);
    const read = readValue(next);
    if (read !== null) onChange(read);
  };
  if (choices?.includes(written))
    return (
      <select aria-label={label} value={written} onChange={({ target }) => take(target.value)}>
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    );
  return (
    <input
      type="text"
      aria-label={label}
      title={label}
      value={text}
      spellCheck={false}
      aria-invalid={readValue(text) === null}
      onChange={({ target }) => setText(target.value)}
      onBlur={({ target }) => take(target.value)}
      onKeyDown={({ key, currentTarget }) => {
        if (key === 'Enter') take(currentTarget.value);
      }}
    />
  );
}

function choicesOf(type: GraphQLInputType): string[] | null {
  if (isListType(isNonNullType(type) ? type.ofType : type)) return null;
  const named = getNamedType(type);
  if (isEnumType(named)) return named.getValues().map(({ name }) => name);
  return named.name === 'Boolean' ? ['true', 'false'] : null;
}

/** Null where it is no input, or a list of them, which is written by hand. */
function fieldsOf(type: GraphQLInputType): GraphQLInputField[] | null {
  const given = isNonNullType(type) ? type.ofType : type;
  return isInputObjectType(given) ? Object.values(given.getFields()) : null;
}
