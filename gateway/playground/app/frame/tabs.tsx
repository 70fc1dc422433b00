import { CloseIcon, PlusIcon, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useRef } from 'react';
import { currentTab } from '../current-tab.ts';
import { chosenStream, isOver, streams } from '../live/live-events.ts';
import { closeStream } from '../live/stream.ts';
import { useStore } from '../store.ts';

/** The operations that are open. Buttons rather than tabs of ARIA, in which there may be no button to close one. */
export function Tabs() {
  const { tabs, activeTabIndex } = useGraphiQL((state) => ({
    tabs: state.tabs,
    activeTabIndex: state.activeTabIndex,
  }));
  const { addTab, changeTab, closeTab, stop } = useGraphiQLActions();
  const running = useStore(streams).filter((stream) => !isOver(stream));
  const active = useRef<HTMLLIElement>(null);
  const shown = tabs[activeTabIndex]?.id ?? '';
  useEffect(() => {
    currentTab.set(shown);
    const stream = streams.get().find(({ tab }) => tab === shown);
    if (stream !== undefined) chosenStream.set(stream.id);
  }, [shown]);
  // A stream lasts as long as its tab.
  useEffect(() => {
    for (const { id, tab } of streams.get()) if (!tabs.some((open) => open.id === tab)) closeStream(id);
  }, [tabs]);
  // There may be more of them than fit.
  useEffect(() => {
    active.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [activeTabIndex, tabs.length]);
  const begin = () => {
    // What is under way would be answered in the new one.
    stop();
    addTab();
  };
  return (
    <nav className="tabs" aria-label="Open operations">
      <ul>
        {tabs.map(({ id, title }, index) => (
          <li key={id} ref={index === activeTabIndex ? active : null} data-active={index === activeTabIndex}>
            <button
              type="button"
              aria-current={index === activeTabIndex ? 'true' : undefined}
              onClick={() => changeTab(index)}
            >
              {nameOf(title)}
              {running.some(({ tab }) => tab === id) ? (
                <span className="dot" data-status="live" role="img" aria-label="live" />
              ) : null}
            </button>
            {tabs.length > 1 ? (
              <button
                type="button"
                className="tab-close"
                aria-label={`Close ${nameOf(title)}`}
                onClick={() => closeTab(index)}
              >
                <CloseIcon aria-hidden="true" />
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      <button type="button" className="tab-add" aria-label="New operation" onClick={begin}>
        <PlusIcon aria-hidden="true" />
      </button>
    </nav>
  );
}

/** GraphiQL's own word for a tab without an operation is `<untitled>`. */
const nameOf = (title: string): string => (title.startsWith('<') ? 'Untitled' : title);
