// Work that shares an amount of something, such as memory: who wants more than is left waits, first come, first served.

/** Makes the queue of one amount. */
export function createTurns(total: number) {
  let free = total;
  const waiting: { readonly amount: number; begin(): void }[] = [];

  function next(): void {
    for (let [first] = waiting; first !== undefined && first.amount <= free; [first] = waiting) {
      waiting.shift();
      free -= first.amount;
      first.begin();
    }
  }

  return {
    /** Does the work once so much is free; it is again when the work has ended, however it ends. */
    async take<T>(amount: number, work: () => Promise<T>): Promise<T> {
      await new Promise<void>((begin) => {
        waiting.push({ amount, begin });
        next();
      });
      try {
        return await work();
      } finally {
        free += amount;
        next();
      }
    },
  };
}
