import { useMemo, useState } from 'react';
import savedOperations from 'virtual:saved-operations';
import { ask } from '../api.ts';
import { useOpen } from '../open.ts';
import { fillExamples } from './examples.ts';

type Saved = (typeof savedOperations)[number];

/** What each screen asks, to open with a click. */
export function SavedPane() {
  const open = useOpen();
  const [wanted, setWanted] = useState('');
  const screens = useMemo(
    () => byScreen(savedOperations.filter((saved) => matches(saved, wanted))),
    [wanted],
  );

  const choose = async ({ text, variables }: Saved) => {
    const filled = await fillExamples(variables, ask);
    open(text, Object.keys(filled).length === 0 ? '' : JSON.stringify(filled, null, 2));
  };

  return (
    <div className="saved">
      <div className="pane-tools">
        <input
          type="search"
          aria-label="Find an operation"
          placeholder="Find an operation"
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
        />
      </div>
      {screens.length === 0 ? <p className="empty">Nothing like that is saved here.</p> : null}
      {screens.map(([screen, operations]) => (
        <section key={screen} aria-label={screen}>
          <h2>{screen}</h2>
          <ul>
            {operations.map((saved) => (
              <li key={saved.name}>
                <button type="button" className="saved-operation" onClick={() => void choose(saved)}>
                  <span className="saved-name">{saved.name}</span>
                  <span className="tag" data-kind={saved.kind}>
                    {saved.kind === 'subscription' ? 'live' : saved.kind}
                  </span>
                  <span className="saved-sentence">{saved.sentence.replaceAll('`', '')}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** Every word of what is wanted stands somewhere in what is said of it. */
function matches({ screen, name, kind, sentence }: Saved, wanted: string): boolean {
  const said = `${screen} ${name} ${kind} ${sentence}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}

const byScreen = (operations: Saved[]): [string, Saved[]][] =>
  Object.entries(Object.groupBy(operations, ({ screen }) => screen) as Record<string, Saved[]>);
