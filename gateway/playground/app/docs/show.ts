import { useDocExplorerActions } from '@graphiql/plugin-doc-explorer';
import type { Entry } from './docs-search.ts';

/** Goes to the page of something, from the first. */
export function useShow(): (entry: Pick<Entry, 'type' | 'field'>) => void {
  const { push, reset } = useDocExplorerActions();
  return ({ type, field }) => {
    reset();
    push({ name: type.name, def: type });
    if (field) push({ name: field.name, def: field });
  };
}
