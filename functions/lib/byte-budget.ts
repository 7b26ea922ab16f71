// Memory that much work shares: whoever wants more of it than is left waits for those before.

export interface ByteBudget {
  /**
   * Does the work once so many bytes are free, first come, first served; they are free again when the work has ended,
   * however it ends. Not begun, it ends with the signal's reason.
   */
  hold<T>(bytes: number, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function createByteBudget(totalBytes: number): ByteBudget {
  let free = totalBytes;
  const waiting: { readonly bytes: number; admit(): void }[] = [];

  function admit(): void {
    for (let [next] = waiting; next !== undefined && next.bytes <= free; [next] = waiting) {
      waiting.shift();
      free -= next.bytes;
      next.admit();
    }
  }

  function take(bytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiting.splice(waiting.indexOf(entry), 1);
        reject(signal.reason);
        admit();
      };
      const entry = {
        bytes,
        admit() {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      signal.addEventListener("abort", leave, { once: true });
      waiting.push(entry);
      admit();
    });
  }

  return {
    async hold(bytes, signal, work) {
      if (bytes > totalBytes) throw new Error(`${bytes} bytes are more than the ${totalBytes} that there are`);
      signal.throwIfAborted();
      await take(bytes, signal);
      try {
        return await work();
      } finally {
        free += bytes;
        admit();
      }
    },
  };
}
