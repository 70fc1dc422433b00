import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isUnionType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { inShort, plain, rootsOf, typesOf } from './docs-search.ts';
import { useShow } from './show.ts';

const kinds: [string, (type: GraphQLNamedType) => boolean][] = [
  ['Objects', isObjectType],
  ['Interfaces', isInterfaceType],
  ['Unions', isUnionType],
  ['Inputs', isInputObjectType],
  ['Enums', isEnumType],
  ['Scalars', isScalarType],
];

/** All that can be asked, done and followed, with a sentence each; and the types behind it, by kind. */
export function StartPage({ schema }: { schema: GraphQLSchema }) {
  const show = useShow();
  const roots = rootsOf(schema);
  const types = typesOf(schema).filter((type) => !roots.some((root) => root.type === type));
  return (
    <>
      {roots.map(({ title, type }) => (
        <section key={title} aria-label={title}>
          <h3>{title}</h3>
          {type.description ? <p className="docs-about">{plain(type.description)}</p> : null}
          <ul>
            {Object.values(type.getFields()).map((field) => (
              <li key={field.name}>
                <button type="button" className="saved-operation" onClick={() => show({ type, field })}>
                  <span className="docs-path">{field.name}</span>
                  <span className="saved-sentence">{inShort(field.description ?? '')}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {kinds.map(([title, isKind]) => {
        const all = types.filter(isKind);
        return all.length === 0 ? null : (
          <details key={title} className="docs-types">
            <summary>
              {title} <span className="live-number">{all.length}</span>
            </summary>
            <ul>
              {all.map((type) => (
                <li key={type.name}>
                  <button type="button" onClick={() => show({ type })}>
                    {type.name}
                  </button>
                </li>
              ))}
            </ul>
          </details>
        );
      })}
    </>
  );
}
