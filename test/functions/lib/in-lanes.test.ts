import { inLanes } from "../../../functions/lib/in-lanes";

const laneOf = (item: string) => item.charAt(0);

/** Works through items and writes down when each begins and ends. */
async function work(items: string[], concurrency: number, fails: string[] = []) {
  const events: string[] = [];
  const failed = await inLanes(items, laneOf, concurrency, async (item) => {
    events.push(`+${item}`);
    await new Promise(setImmediate);
    if (fails.includes(item)) throw new Error(item);
    events.push(`-${item}`);
  });
  return { events, failed: failed.map(({ item }) => item) };
}

it("items of one lane come one after the other, in their order", async () => {
  const { events } = await work(["a1", "b1", "a2", "a3"], 5);
  expect(events.filter((event) => event.includes("a"))).toEqual(["+a1", "-a1", "+a2", "-a2", "+a3", "-a3"]);
});

it("different lanes run at the same time, up to the limit", async () => {
  expect((await work(["a1", "b1", "c1"], 2)).events.slice(0, 2)).toEqual(["+a1", "+b1"]);
  expect((await work(["a1", "b1"], 1)).events).toEqual(["+a1", "-a1", "+b1", "-b1"]);
});

it("after a failure the rest of its lane waits, and the other lanes go on", async () => {
  const { events, failed } = await work(["a1", "a2", "b1", "b2"], 2, ["a1"]);
  expect(failed).toEqual(["a1"]);
  expect(events).not.toContain("+a2");
  expect(events).toContain("-b2");
});

it("nothing to do is done at once", async () => {
  expect(await work([], 5)).toEqual({ events: [], failed: [] });
});
