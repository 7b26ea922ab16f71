// Work on many things, several at a time.

/** Does the work on each item, so many at a time at most; the first that fails ends it, and rejects. */
export async function inParallel<T>(
  items: Iterable<T>,
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  async function worker(): Promise<void> {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  }
  try {
    await Promise.all(Array.from({ length: concurrency }, worker));
  } finally {
    waiting.length = 0;
  }
}
