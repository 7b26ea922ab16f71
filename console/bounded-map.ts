// A map that forgets its oldest entries: the console may run for days.

export interface BoundedMap<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  /** The value, which is then forgotten. */
  take(key: K): V | undefined;
  values(): V[];
  readonly size: number;
}

/** Creates a map that keeps so many entries, by the order in which their keys first came. */
export function createBoundedMap<K, V>(limit: number, onForget: (value: V) => void = () => {}): BoundedMap<K, V> {
  const entries = new Map<K, V>();
  return {
    get: (key) => entries.get(key),
    set(key, value) {
      entries.set(key, value);
      if (entries.size <= limit) return;
      const [oldest] = entries;
      if (oldest === undefined) return;
      entries.delete(oldest[0]);
      onForget(oldest[1]);
    },
    take(key) {
      const value = entries.get(key);
      entries.delete(key);
      return value;
    },
    values: () => [...entries.values()],
    get size() {
      return entries.size;
    },
  };
}
