import {
  HeaderEditor,
  QueryEditor,
  useGraphiQL,
  useGraphiQLActions,
  useMonaco,
  VariableEditor,
  type MonacoEditor,
} from '@graphiql/react';
import { useEffect, useState, type KeyboardEvent } from 'react';
import { currentTab } from '../current-tab.ts';
import { isOver, streams } from '../live/live-events.ts';
import { stopStream, streamOf } from '../live/stream.ts';
import { linkTo } from '../share.ts';
import { useStore } from '../store.ts';

/** What is asked: the operation, its variables, headers, and what can be done with them. */
export function Editors() {
  const [lower, setLower] = useState<'variables' | 'headers'>('variables');
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.id);
  useEditorFonts();
  return (
    <section className="editors" aria-label="Operation" onKeyDown={leaveByEscape}>
      {/* What it said was of another tab. */}
      <Toolbar key={tab} />
      <div className="editor editor-operation">
        <QueryEditor aria-label="Operation. Press Enter to edit" role="group" />
      </div>
      <div className="editor-choice" role="group" aria-label="Sent along">
        {(['variables', 'headers'] as const).map((name) => (
          <button key={name} type="button" aria-pressed={lower === name} onClick={() => setLower(name)}>
            {name === 'variables' ? 'Variables' : 'Headers'}
          </button>
        ))}
      </div>
      <div className="editor editor-lower">
        <VariableEditor
          className={lower === 'variables' ? '' : 'hidden'}
          aria-label="Variables. Press Enter to edit"
          role="group"
        />
        <HeaderEditor
          className={lower === 'headers' ? '' : 'hidden'}
          aria-label="Headers. Press Enter to edit"
          role="group"
        />
      </div>
    </section>
  );
}

function Toolbar() {
  const { run, stop, prettifyEditors, copyQuery } = useGraphiQLActions();
  const isRunning = useIsRunning();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const [said, setSaid] = useState('');
  const stopIt = () => {
    stop();
    const stream = streamOf(currentTab.get());
    if (stream !== undefined) stopStream(stream.id);
  };
  const copy = async () => {
    await copyQuery();
    setSaid('Operation copied.');
  };
  const share = async () => {
    const link = linkTo(location.origin + location.pathname, queryEditor?.getValue() ?? '');
    try {
      await navigator.clipboard.writeText(link);
      setSaid('Link copied. It holds the operation, but no variables and no headers.');
    } catch {
      // Pages without https may not write there.
      setSaid(link);
    }
  };
  return (
    <div className="toolbar">
      <button type="button" className="btn btn-glow" onClick={isRunning ? stopIt : run}>
        {isRunning ? 'Stop' : 'Run'}
      </button>
      <OperationChoice />
      <span className="push" />
      <button type="button" className="btn btn-quiet" onClick={() => void prettifyEditors()}>
        Tidy
      </button>
      <button type="button" className="btn btn-quiet" onClick={() => void copy()}>
        Copy
      </button>
      <button type="button" className="btn btn-quiet" onClick={() => void share()}>
        Share
      </button>
      <p className="said" role="status">
        {said}
      </p>
    </div>
  );
}

/** Whether there is something to stop: what is asked, or a stream of this tab, while that is what stands in it. */
function useIsRunning(): boolean {
  const isFetching = useGraphiQL((state) => state.isFetching);
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.id);
  const { operations = [], operationName } = useGraphiQL((state) => ({
    operations: state.operations,
    operationName: state.operationName,
  }));
  const operation = operations.find(({ name }) => name?.value === operationName) ?? operations[0];
  const running = useStore(streams).some((stream) => stream.tab === tab && !isOver(stream));
  return isFetching || (running && (operation === undefined || operation.operation === 'subscription'));
}

/** Which of several operations in the editor to run. */
function OperationChoice() {
  const { setOperationName } = useGraphiQLActions();
  const { operations = [], operationName } = useGraphiQL((state) => ({
    operations: state.operations,
    operationName: state.operationName,
  }));
  if (operations.length < 2) return null;
  return (
    <select
      aria-label="Operation to run"
      value={operationName}
      onChange={({ target }) => setOperationName(target.value)}
    >
      {operations.map(({ name }) => (
        <option key={name?.value}>{name?.value}</option>
      ))}
    </select>
  );
}

/** Tab writes a tab in an editor, so Escape leads out of it, to the frame around it, from which Tab goes on. */
function leaveByEscape(event: KeyboardEvent<HTMLElement>): void {
  const target = event.target as HTMLElement;
  const frame = target.closest<HTMLElement>('.graphiql-editor');
  // First it closes what the editor has opened.
  const hasOpened = frame?.querySelector(
    '.suggest-widget.visible, .find-widget.visible, .quick-input-widget:not([style*="none"])',
  );
  if (event.key === 'Escape' && frame && frame !== target && !hasOpened) frame.focus();
}

/** GraphiQL makes its editors with a font that this page does not have. */
export function useEditorFonts(): void {
  const monaco = useMonaco((state) => state.monaco);
  const { queryEditor, variableEditor, headerEditor, responseEditor } = useGraphiQL((state) => ({
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
    headerEditor: state.headerEditor,
    responseEditor: state.responseEditor,
  }));
  useEffect(() => {
    const editors: (MonacoEditor | undefined)[] = [queryEditor, variableEditor, headerEditor, responseEditor];
    for (const editor of editors)
      editor?.updateOptions({
        fontFamily: "'Geist Mono', ui-monospace, monospace",
        fontSize: 13,
        lineHeight: 20,
        lineNumbersMinChars: 4,
        wordWrap: 'on',
        wrappingIndent: 'indent',
        scrollbar: { verticalScrollbarSize: 10, useShadows: false },
      });
    void document.fonts.ready.then(() => monaco?.editor.remeasureFonts());
  }, [monaco, queryEditor, variableEditor, headerEditor, responseEditor]);
}
