import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useRef } from 'react';

/** Opens an operation, and closes what would lie over it on a telephone: in the tab that has it already, in this one if it is empty, or in a new one. */
export function useOpen(): (query: string, variables: string) => void {
  const { addTab, changeTab, setVisiblePlugin, stop } = useGraphiQLActions();
  const now = useGraphiQL((state) => ({
    tabs: state.tabs,
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
  }));
  // What is looked up before it opens finds other tabs than there were.
  const latest = useRef(now);
  useEffect(() => {
    latest.current = now;
  });
  return (query, variables) => {
    const { tabs, queryEditor, variableEditor } = latest.current;
    if (!queryEditor || !variableEditor) return;
    if (matchMedia('(max-width: 799px)').matches) setVisiblePlugin(null);
    // Its tab knows a moment later.
    if (queryEditor.getValue() === query) return;
    const open = tabs.findIndex((tab) => tab.query === query);
    if (open >= 0) return changeTab(open);
    stop();
    if (queryEditor.getValue().trim() !== '') addTab();
    queryEditor.setValue(query);
    variableEditor.setValue(variables);
    queryEditor.setScrollTop(0);
  };
}
