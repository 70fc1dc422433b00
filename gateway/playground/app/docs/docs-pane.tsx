import {
  FieldDocumentation,
  TypeDocumentation,
  useDocExplorer,
  useDocExplorerActions,
  type DocExplorerNavStackItem,
} from '@graphiql/plugin-doc-explorer';
import { DocsIcon, Spinner, useGraphiQL, type GraphiQLPlugin } from '@graphiql/react';
import { isNamedType, type GraphQLSchema } from 'graphql';
import { useEffect, useMemo, useRef, useState } from 'react';
import { entriesOf, inShort, search, type Entry } from './docs-search.ts';
import { useShow } from './show.ts';
import { StartPage } from './start-page.tsx';

/** GraphiQL's pages of types and fields, behind a first page and a search of our own. */
export const DOCS_PLUGIN: GraphiQLPlugin = { title: 'Docs', icon: DocsIcon, content: DocsPane };

/** To which the key for a search in the docs leads. */
export const DOCS_SEARCH = 'docs-search';

function DocsPane() {
  const { schema, isIntrospecting } = useGraphiQL((state) => ({
    schema: state.schema,
    isIntrospecting: state.isIntrospecting,
  }));
  if (schema) return <Docs schema={schema} />;
  return isIntrospecting ? <Spinner /> : <p className="empty">The docs show here once the schema is read.</p>;
}

function Docs({ schema }: { schema: GraphQLSchema }) {
  const [wanted, setWanted] = useState('');
  const entries = useMemo(() => entriesOf(schema), [schema]);
  const found = useMemo(() => search(entries, wanted), [entries, wanted]);
  const show = useShow();
  const isSearching = wanted.trim() !== '';
  return (
    <div className="docs">
      <div className="pane-tools">
        <input
          id={DOCS_SEARCH}
          type="search"
          aria-label="Find in the docs"
          placeholder="Find in the docs"
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
        />
      </div>
      {isSearching ? (
        <Found
          entries={found}
          onChoose={(entry) => {
            setWanted('');
            show(entry);
          }}
        />
      ) : null}
      <div className={isSearching ? 'hidden' : ''}>
        <Page schema={schema} />
      </div>
    </div>
  );
}

function Found({ entries, onChoose }: { entries: Entry[]; onChoose: (entry: Entry) => void }) {
  if (entries.length === 0) return <p className="empty">The docs have nothing like that.</p>;
  return (
    <ul aria-label="Found">
      {entries.map((entry) => (
        <li key={entry.path}>
          <button type="button" className="saved-operation" onClick={() => onChoose(entry)}>
            <span className="docs-path">{entry.path}</span>
            <span className="saved-sentence">{inShort(entry.description)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Of what was gone to last; the way there stands above it. */
function Page({ schema }: { schema: GraphQLSchema }) {
  const way = useDocExplorer();
  const { pop } = useDocExplorerActions();
  const heading = useRef<HTMLHeadingElement>(null);
  const at = way.at(-1);
  const before = useRef(at);
  useEffect(() => {
    if (before.current === at) return;
    before.current = at;
    heading.current?.closest('.pane')?.scrollTo(0, 0);
    const focused = document.activeElement;
    // The link that led here is gone, or another is in its place. It may also be in an editor, or in the search.
    if (focused === document.body || heading.current?.parentElement?.contains(focused))
      heading.current?.focus();
  }, [at]);
  const back = (steps: number) => {
    for (let step = 0; step < steps; step += 1) pop();
  };
  return (
    <>
      {way.length > 1 ? (
        <nav className="docs-way" aria-label="Way back">
          {way.slice(0, -1).map(({ name }, index) =>
            // The first page, and the last two of a long way.
            index === 0 || index >= way.length - 3 ? (
              <button key={index} type="button" onClick={() => back(way.length - 1 - index)}>
                {name}
              </button>
            ) : null,
          )}
        </nav>
      ) : null}
      <h2 ref={heading} tabIndex={-1}>
        {at?.name}
      </h2>
      {at?.def === undefined ? <StartPage schema={schema} /> : <Definition of={at} />}
    </>
  );
}

function Definition({ of: { def } }: { of: DocExplorerNavStackItem }) {
  if (def === undefined) return null;
  return (
    <div className="graphiql-doc-explorer-content">
      {isNamedType(def) ? <TypeDocumentation type={def} /> : <FieldDocumentation field={def} />}
    </div>
  );
}
