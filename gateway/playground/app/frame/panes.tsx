import { HistoryIcon, KeyboardShortcutIcon, PenIcon, StarIcon, type GraphiQLPlugin } from '@graphiql/react';
import { DOCS_PLUGIN } from '../docs/docs-pane.tsx';
import { ExplorerPane } from '../explorer/explorer-pane.tsx';
import { SavedPane } from '../saved/saved-pane.tsx';
import { HistoryPane } from './history-pane.tsx';
import { KeysPane } from './keys-pane.tsx';

/** What can stand beside the editors, one at a time. */
export const panes: { label: string; plugin: GraphiQLPlugin }[] = [
  { label: 'Saved', plugin: { title: 'Saved operations', icon: StarIcon, content: SavedPane } },
  { label: 'Build', plugin: { title: 'Build an operation', icon: PenIcon, content: ExplorerPane } },
  { label: 'Docs', plugin: DOCS_PLUGIN },
  { label: 'History', plugin: { title: 'History', icon: HistoryIcon, content: HistoryPane } },
  { label: 'Keys', plugin: { title: 'Keys', icon: KeyboardShortcutIcon, content: KeysPane } },
];
