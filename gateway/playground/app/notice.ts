import { createStore } from './store.ts';

interface Answer {
  data?: object | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

const UNREAD = 'The schema could not be read.';

/** What whoever tries this API should know before wondering, in a sentence; null when there is nothing. */
export const notice = createStore<string | null>(null);

/**
 * Notes why GraphiQL's question for the schema was refused. The schema of a server that keeps it to itself is not ours
 * to tell, and one bundled with this page may not be what runs: so none is shown.
 */
export function noteSchemaAnswer({ data, errors = [] }: Answer): void {
  if (data != null && errors.length === 0) {
    // As it could be in the end.
    if (notice.get()?.startsWith(UNREAD)) notice.set(null);
    return;
  }
  const said = errors.map(({ message }) => message).join(' ');
  notice.set(
    /introspection/i.test(said)
      ? 'This server keeps its schema to itself: there are no docs, no completion and no builder. Operations that you know run all the same.'
      : `${UNREAD} ${said}`.trim(),
  );
}

/** Notes that a server answers nothing but what was registered with it. */
export function noteAnswer({ errors = [] }: Answer): void {
  if (
    errors.some(
      ({ message, extensions }) => extensions?.code === 'FORBIDDEN' && message.includes('documentId'),
    )
  )
    notice.set(
      'This server runs only operations that its own clients have registered. Others can be written here, and will be refused.',
    );
}
