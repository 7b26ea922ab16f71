// Works on a batch concurrently, but in order where order matters: items of one lane one after the other.

/** An item whose work threw, and the items of its lane behind it, which were not begun. */
export interface Failed<T> {
  readonly item: T;
  readonly error: unknown;
}

/**
 * Calls `work` for each item, at most `concurrency` lanes at a time. After a failure the rest of that lane is not begun:
 * it waits for its turn behind the item that failed.
 * @returns the items that failed, in no particular order
 */
export async function inLanes<T>(
  items: readonly T[],
  laneOf: (item: T) => string,
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<Failed<T>[]> {
  const lanes = new Map<string, T[]>();
  for (const item of items) lanes.set(laneOf(item), [...(lanes.get(laneOf(item)) ?? []), item]);
  const waiting = [...lanes.values()];
  const failed: Failed<T>[] = [];

  async function workLane(lane: readonly T[]): Promise<void> {
    for (const item of lane) {
      try {
        await work(item);
      } catch (error) {
        failed.push({ item, error });
        return;
      }
    }
  }
  async function worker(): Promise<void> {
    for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift()) await workLane(lane);
  }
  await Promise.all(Array.from({ length: concurrency }, worker));
  return failed;
}
