import { CloseIcon, PlusIcon, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useRef } from 'react';

/** The operations that are open. Buttons rather than tabs of ARIA, in which there may be no button to close one. */
export function Tabs() {
  const { tabs, activeTabIndex } = useGraphiQL((state) => ({
    tabs: state.tabs,
    activeTabIndex: state.activeTabIndex,
  }));
  const { addTab, changeTab, closeTab } = useGraphiQLActions();
  const active = useRef<HTMLLIElement>(null);
  // There may be more of them than fit.
  useEffect(() => {
    active.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [activeTabIndex, tabs.length]);
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
      <button type="button" className="tab-add" aria-label="New operation" onClick={addTab}>
        <PlusIcon aria-hidden="true" />
      </button>
    </nav>
  );
}

/** GraphiQL's own word for a tab without an operation is `<untitled>`. */
const nameOf = (title: string): string => (title.startsWith('<') ? 'Untitled' : title);
