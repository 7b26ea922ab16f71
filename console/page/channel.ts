// Passes messages on to whoever listens: for what happens, as opposed to what is, which is state.

export interface Channel<T> {
  send(message: T): void;
  /** The returned function ends it. */
  listen(listener: (message: T) => void): () => void;
}

export function createChannel<T>(): Channel<T> {
  const listeners = new Set<(message: T) => void>();
  return {
    send(message) {
      for (const listener of listeners) listener(message);
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
