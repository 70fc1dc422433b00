/** Counts what is open by whom, or what it weighs, and lets nobody have more than so much. */
export interface Tally {
  isFull(key: string): boolean;
  /** Call what it returns once, when it is closed. */
  add(key: string, weight?: number): () => void;
}

export function createTally(limit: number): Tally {
  const counts = new Map<string, number>();
  return {
    isFull: (key) => (counts.get(key) ?? 0) >= limit,
    add: (key, weight = 1) => {
      counts.set(key, (counts.get(key) ?? 0) + weight);
      return () => {
        const others = (counts.get(key) ?? weight) - weight;
        if (others === 0) counts.delete(key);
        else counts.set(key, others);
      };
    },
  };
}
