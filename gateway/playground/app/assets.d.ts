declare module '*.css';

/** Of `../operations/`; put in by the build. */
declare module 'virtual:saved-operations' {
  import type { SavedOperation } from '../saved-operations.ts';
  const savedOperations: SavedOperation[];
  export default savedOperations;
}
