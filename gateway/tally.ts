/** Counts what is open by whom, and lets nobody have more than so many. */
export interface Tally {
  isFull(key: string): boolean;
  /** Call what it returns once, when it is closed. */
  add(key: string): () => void;
}

export function createTally(limit: number): Tally {
  const counts = new Map<string, number>();
  return {
    isFull: (key) => (counts.get(key) ?? 0) >= limit,
    add: (key) => {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return () => {
        const others = (counts.get(key) ?? 1) - 1;
        if (others === 0) counts.delete(key);
        else counts.set(key, others);
      };
    },
  };
}
