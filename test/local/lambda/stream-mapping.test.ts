import { now } from "../../../local/activity";
import { mappingRunner } from "./mapping-harness";

const run = mappingRunner();

describe("reading", () => {
  it("starts at the oldest record with TRIM_HORIZON, behind the newest with LATEST", async () => {
    const oldest = run({ startingPosition: "TRIM_HORIZON" }, 1, 2);
    const latest = run({ startingPosition: "LATEST" }, 1, 2);
    for (const { write, mapping } of [oldest, latest]) {
      await mapping.idle();
      write(3);
      await mapping.idle();
    }
    expect(oldest.batches).toEqual(["1,2", "3"]);
    expect(latest.batches).toEqual(["3"]);
  });

  it("delivers what is written together as one batch, at most as large as asked", async () => {
    const { write, mapping, batches } = run({ batchSize: 2 });
    write(1, 2, 3, 4, 5);
    await mapping.idle();
    expect(batches).toEqual(["1,2", "3,4", "5"]);
  });

  it("hands records over in AWS's layout, with the stream's ARN", async () => {
    const { mapping, events, stream } = run({}, 1);
    await mapping.idle();
    const [original] = stream.read(undefined, 1);
    expect(events).toEqual([[{ ...original, eventSourceARN: stream.arn }]]);
  });

  it("keeps reading while the function works, and one batch at a time", async () => {
    let running = 0;
    const { write, mapping, batches } = run({
      async play() {
        expect(++running).toBe(1);
        await new Promise(setImmediate);
        running--;
      },
    });
    for (const id of [1, 2, 3]) {
      write(id);
      await Promise.resolve();
    }
    await mapping.idle();
    expect(batches.join(",")).toBe("1,2,3");
  });

  it("wakes the function without any delay", async () => {
    const delays: number[] = [];
    let written = 0;
    const { write, mapping } = run({ play: () => void delays.push(now() - written) });
    for (let id = 0; id < 50; id++) {
      written = now();
      write(id);
      await mapping.idle();
    }
    delays.sort((a, b) => a - b);
    expect(delays[25]).toBeLessThan(5);
  });

  it("lets a batch wait for more records, but no longer than until it is full", async () => {
    const { write, mapping, batches } = run({ batchSize: 3, maximumBatchingWindowInSeconds: 300 });
    for (const id of [1, 2, 3]) {
      expect(batches).toEqual([]);
      write(id);
      await new Promise(setImmediate);
    }
    await mapping.idle();
    expect(batches).toEqual(["1,2,3"]);
  });

  it("delivers a batch that is not full when its window is over", async () => {
    const { write, mapping, batches } = run({ batchSize: 3, maximumBatchingWindowInSeconds: 1 });
    const start = now();
    write(1);
    await mapping.idle();
    expect(batches).toEqual(["1"]);
    expect(now() - start).toBeGreaterThanOrEqual(995);
  });

  it("passes filtered records over and never sends an empty batch", async () => {
    const { mapping, batches } = run(
      { batchSize: 2, filterPatterns: ['{"dynamodb":{"Keys":{"id":{"N":["2","4","5"]}}}}'] },
      ...[1, 2, 3, 4, 5],
    );
    await mapping.idle();
    expect(batches).toEqual(["2,4", "5"]);
  });

  it("ends a batch before its payload exceeds 6 MB", async () => {
    const { stream, mapping, events } = run({ batchSize: 100 });
    const text = { S: "x".repeat(380_000) };
    stream.append(
      Array.from({ length: 20 }, (_, id) => ({
        tableName: "t",
        key: `${id}`,
        newItem: { id: { N: String(id) }, text },
      })),
    );
    await mapping.idle();
    expect(events.map((records) => records.length)).toEqual([16, 4]);
    expect(Buffer.byteLength(JSON.stringify({ Records: events[0] }))).toBeLessThanOrEqual(6 * 1024 * 1024);
  });

  it("works on several keys at once, but keeps the order of each", async () => {
    const ids = Array.from({ length: 40 }, (_, index) => index % 8);
    let [running, most] = [0, 0];
    const { mapping, events } = run(
      {
        parallelizationFactor: 4,
        batchSize: 2,
        async play() {
          most = Math.max(most, ++running);
          await new Promise(setImmediate);
          running--;
        },
      },
      ...ids,
    );
    await mapping.idle();
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    const delivered = events.flat();
    expect(delivered).toHaveLength(40);
    for (const id of new Set(ids)) {
      const numbers = delivered
        .filter(({ dynamodb }) => dynamodb.Keys.id.N === String(id))
        .map(({ dynamodb }) => dynamodb.SequenceNumber);
      expect(numbers).toEqual([...numbers].sort());
    }
  });

  it("stops when it is closed, with an invocation under way", async () => {
    let entered = () => {};
    const entering = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const { write, mapping, batches, activities } = run({
      play() {
        entered();
        return new Promise((_, reject) => setImmediate(() => reject(new Error("the instance was stopped"))));
      },
    });
    write(1);
    await entering;
    const idle = mapping.idle();
    await mapping.close();
    await idle;
    write(2);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(batches).toEqual(["1"]);
    expect(activities).toEqual([]);
  });
});

describe("at least once", () => {
  it("delivers every batch twice when asked", async () => {
    const { mapping, batches } = run({ deliverTwice: true, batchSize: 2 }, 1, 2, 3);
    await mapping.idle();
    expect(batches).toEqual(["1,2", "1,2", "3", "3"]);
  });
});
