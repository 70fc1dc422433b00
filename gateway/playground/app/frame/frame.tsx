import { isMacOs, Spinner, useGraphiQL, useGraphiQLActions, useMonaco } from '@graphiql/react';
import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { AccountButton } from '../account/account-button.tsx';
import { DOCS_PLUGIN, DOCS_SEARCH } from '../docs/docs-pane.tsx';
import { operationIn } from '../share.ts';
import { useStore } from '../store.ts';
import { notice } from '../notice.ts';
import { useOpen } from '../open.ts';
import { Answer } from './answer.tsx';
import { defineThemes } from './editor-themes.ts';
import { Editors } from './editors.tsx';
import { panes } from './panes.tsx';
import { Tabs } from './tabs.tsx';
import { ThemeChoice } from './theme-choice.tsx';

/** The page: who asks, which operation, what stands beside it, the editors, and the answer. */
export function Frame() {
  const monaco = useMonaco((state) => state.monaco);
  const told = useStore(notice);
  const [isReady, setIsReady] = useState(false);
  useEffect(() => {
    if (!monaco) return;
    defineThemes(monaco);
    setIsReady(true);
  }, [monaco]);

  return (
    <div className="graphiql-container frame">
      <header className="top">
        <h1>
          <img src="/playground/icon.svg" alt="" width={26} height={22} />
          Roost <span>playground</span>
        </h1>
        <span className="push" />
        <ThemeChoice />
        <AccountButton />
      </header>
      <Rail />
      <Pane />
      <main>
        <Tabs />
        {told === null ? null : (
          <p className="notice" role="status">
            {told}
          </p>
        )}
        {isReady ? <Session /> : <Spinner />}
      </main>
    </div>
  );
}

function Session() {
  const open = useOpen();
  const hasEditors = useGraphiQL((state) => Boolean(state.queryEditor && state.variableEditor));
  const [cameByLink, setCameByLink] = useState(false);

  useEffect(() => {
    if (!hasEditors) return;
    const take = () => {
      const operation = operationIn(location.hash);
      if (operation === null) return;
      // It is in a tab now; the address is the playground's again.
      history.replaceState(null, '', location.pathname + location.search);
      open(operation, '');
      setCameByLink(true);
    };
    take();
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, [hasEditors, open]);

  return (
    <div className="session" id="session">
      {cameByLink ? (
        <p className="notice" role="status">
          This operation came with a link. Read it before you run it.
          <button type="button" className="btn btn-quiet" onClick={() => setCameByLink(false)}>
            Got it
          </button>
        </p>
      ) : null}
      <Editors />
      <Answer />
    </div>
  );
}

function Rail() {
  const visible = useGraphiQL((state) => state.visiblePlugin);
  const { setVisiblePlugin } = useGraphiQLActions();
  // GraphiQL's own listener for this key looks for a button of its own frame.
  useEffect(() => {
    const searchInDocs = (event: globalThis.KeyboardEvent) => {
      if (event.code !== 'KeyK' || !event.altKey || !(isMacOs ? event.metaKey : event.ctrlKey)) return;
      event.preventDefault();
      // Before the next key: what is typed after this one must not be lost.
      flushSync(() => setVisiblePlugin(DOCS_PLUGIN));
      document.querySelector<HTMLElement>(`#${DOCS_SEARCH}`)?.focus();
    };
    addEventListener('keydown', searchInDocs);
    return () => removeEventListener('keydown', searchInDocs);
  }, [setVisiblePlugin]);
  return (
    <nav className="rail" aria-label="Panes">
      {panes.map(({ label, plugin }) => (
        <button
          key={label}
          type="button"
          aria-pressed={plugin === visible}
          title={plugin.title}
          onClick={() => setVisiblePlugin(plugin === visible ? null : plugin)}
        >
          <span aria-hidden="true">
            <plugin.icon />
          </span>
          {label}
        </button>
      ))}
    </nav>
  );
}

function Pane() {
  const visible = useGraphiQL((state) => state.visiblePlugin);
  const { setVisiblePlugin } = useGraphiQLActions();
  if (!visible) return null;
  const { content: Content, title } = visible;
  return (
    <aside className="pane" aria-label={title}>
      <button type="button" className="btn btn-quiet pane-close" onClick={() => setVisiblePlugin(null)}>
        Close
      </button>
      <Content />
    </aside>
  );
}
