import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';

/** Opens an operation, and closes what would lie over it on a telephone: in the tab that has it already, in this one if it is empty, or in a new one. */
export function useOpen(): (query: string, variables: string) => void {
  const { addTab, changeTab, setVisiblePlugin, stop } = useGraphiQLActions();
  const { tabs, queryEditor, variableEditor } = useGraphiQL((state) => ({
    tabs: state.tabs,
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
  }));
  return (query, variables) => {
    if (!queryEditor || !variableEditor) return;
    if (matchMedia('(max-width: 799px)').matches) setVisiblePlugin(null);
    const open = tabs.findIndex((tab) => tab.query === query);
    if (open >= 0) return changeTab(open);
    stop();
    if (queryEditor.getValue().trim() !== '') addTab();
    queryEditor.setValue(query);
    variableEditor.setValue(variables);
    queryEditor.setScrollTop(0);
  };
}
