import {
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  print,
  type GraphQLArgument,
  type GraphQLInputType,
  type ValueNode,
} from 'graphql';
import { useEffect, useState } from 'react';
import { firstValue, readValue } from './selection.ts';

interface ArgumentRowProps {
  argument: GraphQLArgument;
  /** Null while it is not given. */
  value: ValueNode | null;
  onChange: (value: ValueNode | null) => void;
}

/** An argument of a selected field, and the value that it is given. */
export function ArgumentRow({ argument, value, onChange }: ArgumentRowProps) {
  const { name, type, defaultValue, description } = argument;
  const isRequired = isRequiredArgument(argument);
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
        {value === null ? (
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
    </li>
  );
}

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
