import { useSyncExternalStore } from 'react';

/** A value that components look at and anything may change. */
export interface Store<Value> {
  get(): Value;
  set(next: Value): void;
  /** @returns what ends it. */
  onChange(changed: () => void): () => void;
}

export function createStore<Value>(initial: Value): Store<Value> {
  const listeners = new Set<() => void>();
  let value = initial;
  return {
    get: () => value,
    set: (next) => {
      if (next === value) return;
      value = next;
      for (const changed of listeners) changed();
    },
    onChange: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

export const useStore = <Value>(store: Store<Value>): Value =>
  useSyncExternalStore((changed) => store.onChange(changed), store.get);
