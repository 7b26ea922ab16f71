import { now } from "../../../local/activity";
import { AwsError } from "../../../local/aws-error";
import type { StreamMapping } from "../../../local/lambda/stream-mapping";
import {
  BUCKET_ARN,
  createMappingTest,
  crowded,
  type MappingTest,
  READ_STREAM,
  report,
  throttled,
} from "./mapping-harness";

let mappings: StreamMapping[] = [];
afterEach(async () => {
  await Promise.all(mappings.map((mapping) => mapping.close()));
  mappings = [];
});

/** A mapping that runs; `written` are in the stream before it is created. */
function run(options: MappingTest = {}, ...written: number[]) {
  const test = createMappingTest(options);
  test.write(...written);
  const mapping = test.start();
  mappings.push(mapping);
  return { ...test, mapping };
}

const failing = () => new Error("no thumbnail");

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
      Array.from({ length: 20 }, (_, id) => ({ tableName: "t", newItem: { id: { N: String(id) }, text } })),
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

describe("failures", () => {
  it("repeat the whole batch, and block what follows, until it succeeds", async () => {
    let failuresLeft = 3;
    const { write, mapping, batches } = run({
      maximumRetryAttempts: -1,
      batchSize: 2,
      play: (ids) => (ids === "1,2" && failuresLeft-- > 0 ? failing() : null),
    });
    write(1, 2, 3);
    await mapping.idle();
    expect(batches).toEqual(["1,2", "1,2", "1,2", "1,2", "3"]);
  });

  it("give a batch up when its retries are spent", async () => {
    const { mapping, batches, activities } = run(
      { maximumRetryAttempts: 2, batchSize: 2, play: (ids) => (ids === "1,2" ? failing() : null) },
      ...[1, 2, 3],
    );
    await mapping.idle();
    expect(batches).toEqual(["1,2", "1,2", "1,2", "3"]);
    expect(activities.map(({ action, error, detail }) => [action, error, detail?.attempt])).toEqual([
      ["StreamBatch", "Unhandled", 1],
      ["StreamBatch", "Unhandled", 2],
      ["StreamBatch", "Unhandled", 3],
      ["StreamBatchDiscarded", "RetryAttemptsExhausted", undefined],
      ["StreamBatch", undefined, 1],
    ]);
  });

  it("bisect a batch down to the record that fails, and lose no other", async () => {
    const { mapping, batches, failures } = run(
      {
        bisectBatchOnFunctionError: true,
        maximumRetryAttempts: 1,
        onFailureDestination: BUCKET_ARN,
        play: (ids) => (ids.split(",").includes("4") ? failing() : null),
      },
      ...[1, 2, 3, 4, 5, 6],
    );
    await mapping.idle();
    expect(batches).toEqual(["1,2,3,4,5,6", "1,2,3", "4,5,6", "4,5", "4", "4", "5", "6"]);
    expect(failures).toHaveLength(1);
    expect(failures[0]?.body).toMatchObject({ requestContext: { approximateInvokeCount: 5 } });
  });

  it("resume at the lowest record that the function reports", async () => {
    let first = true;
    const { mapping, batches } = run(
      {
        reportBatchItemFailures: true,
        maximumRetryAttempts: 3,
        play(_ids, records) {
          const response = first ? report(records, "5", "3") : report(records);
          first = false;
          return response;
        },
      },
      ...[1, 2, 3, 4, 5],
    );
    await mapping.idle();
    expect(batches).toEqual(["1,2,3,4,5", "3,4,5"]);
  });

  it("go on behind the report's record with bisect, although no retry is left", async () => {
    const { mapping, batches, failures } = run(
      {
        reportBatchItemFailures: true,
        bisectBatchOnFunctionError: true,
        onFailureDestination: BUCKET_ARN,
        play: (ids, records) => (ids === "3" ? failing() : ids.includes("3") ? report(records, "3", "4") : null),
        batchSize: 3,
      },
      ...[1, 2, 3, 4],
    );
    await mapping.idle();
    expect(batches).toEqual(["1,2,3", "3", "4"]);
    expect(failures).toHaveLength(1);
  });

  it("ignore a report that is not enabled", async () => {
    const { mapping, batches } = run({ play: (_ids, records) => report(records, "1") }, 1, 2);
    await mapping.idle();
    expect(batches).toEqual(["1,2"]);
  });

  it("use no retry when the function is not reached", async () => {
    let refusals = 5;
    const { mapping, batches, activities } = run(
      {
        play() {
          if (refusals-- > 0) throw throttled();
        },
      },
      1,
    );
    await mapping.idle();
    expect(batches).toEqual(Array(6).fill("1"));
    expect(activities.filter(({ error }) => error === "TooManyRequestsException")).toHaveLength(5);
    expect(activities.at(-1)).toMatchObject({ error: undefined, detail: { attempt: 1 } });
  });

  it("don't age records for which only no place is free: the other functions work in real time", async () => {
    let refusals = 20;
    const { mapping, batches, failures } = run(
      {
        maximumRecordAgeInSeconds: 60,
        onFailureDestination: BUCKET_ARN,
        play() {
          if (refusals-- > 0) throw crowded();
        },
      },
      1,
    );
    await mapping.idle();
    expect(batches).toEqual(Array(21).fill("1"));
    expect(failures).toEqual([]);
  });

  it("end with the record's age, after as many attempts as the real waits would allow", async () => {
    const { mapping, batches, failures } = run(
      {
        maximumRetryAttempts: -1,
        maximumRecordAgeInSeconds: 60,
        onFailureDestination: BUCKET_ARN,
        play: (ids) => (ids === "1" ? failing() : null),
        batchSize: 1,
      },
      ...[1],
    );
    await mapping.idle();
    // Waits of 1, 2, 4, 8, 16 and 32 seconds: after 63 seconds the record is too old.
    expect(batches).toEqual(Array(6).fill("1"));
    expect(failures[0]?.body).toMatchObject({
      requestContext: { condition: "RecordAgeExceeded", approximateInvokeCount: 6 },
      responseContext: { functionError: "Unhandled" },
    });
  });

  it("don't age the records that came later", async () => {
    const { write, mapping, batches } = run(
      { maximumRetryAttempts: -1, maximumRecordAgeInSeconds: 60, play: (ids) => (ids === "1" ? failing() : null) },
      1,
    );
    await mapping.idle();
    write(2);
    await mapping.idle();
    expect(batches.at(-1)).toBe("2");
  });

  it("leave out records that are too old before they were ever tried", async () => {
    let clock = Date.now() - 3_600_000;
    const test = createMappingTest({
      maximumRecordAgeInSeconds: 60,
      onFailureDestination: BUCKET_ARN,
      clock: () => clock,
    });
    test.write(1);
    clock = Date.now();
    test.write(2);
    const mapping = test.start();
    mappings.push(mapping);
    await mapping.idle();
    expect(test.batches).toEqual(["2"]);
    expect(test.failures[0]?.body).toMatchObject({
      requestContext: { condition: "RecordAgeExceeded", approximateInvokeCount: 0 },
      responseContext: null,
      DDBStreamBatchInfo: { batchSize: 1 },
    });
  });
});

describe("the failure destination", () => {
  it("gets the whole record in the role's name, and can replay the event", async () => {
    const { mapping, failures, events, stream, caller } = run(
      { onFailureDestination: BUCKET_ARN, play: failing },
      ...[1, 2],
    );
    await mapping.idle();
    const [failure] = failures;
    const [first, last] = stream.read(undefined, 2).map(({ dynamodb }) => dynamodb);
    const arrival = (seconds = 0) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
    expect(failure).toMatchObject({ caller, bucketArn: BUCKET_ARN });
    const path = `aws/lambda/0b1c2d3e-0000-4000-8000-000000000000/${stream.shardId}`;
    expect(failure?.key).toMatch(
      new RegExp(`^${path}/(\\d{4})/(\\d\\d)/(\\d\\d)/\\1-\\2-\\3T\\d\\d\\.\\d\\d\\.\\d\\d-[0-9a-f-]{36}$`),
    );
    expect(failure?.body).toEqual({
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionArn: "arn:aws:lambda:eu-west-1:111122223333:function:CreateThumbnail",
        condition: "RetryAttemptsExhausted",
        approximateInvokeCount: 1,
      },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      version: "1.0",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      DDBStreamBatchInfo: {
        shardId: stream.shardId,
        startSequenceNumber: first?.SequenceNumber,
        endSequenceNumber: last?.SequenceNumber,
        approximateArrivalOfFirstRecord: arrival(first?.ApproximateCreationDateTime),
        approximateArrivalOfLastRecord: arrival(last?.ApproximateCreationDateTime),
        batchSize: 2,
        streamArn: stream.arn,
      },
      payload: expect.any(String),
    });
    expect(JSON.parse(String(failure?.body.payload))).toEqual({ Records: events[0] });
  });

  it("that refuses loses the record, which the activity says", async () => {
    const refusal = new AwsError("AccessDenied", "not authorized to perform: s3:PutObject", 403);
    const { mapping, batches, activities } = run(
      { onFailureDestination: BUCKET_ARN, refuseFailures: refusal, play: failing },
      1,
    );
    await mapping.idle();
    expect(batches).toEqual(["1"]);
    expect(activities.at(-1)).toMatchObject({
      action: "StreamBatchDiscarded",
      error: "AccessDenied",
      detail: { message: expect.stringContaining("s3:PutObject") },
    });
  });
});

describe("at least once", () => {
  it("delivers every batch twice when asked", async () => {
    const { mapping, batches } = run({ deliverTwice: true, batchSize: 2 }, 1, 2, 3);
    await mapping.idle();
    expect(batches).toEqual(["1,2", "1,2", "3", "3"]);
  });
});

describe("creation", () => {
  const refusalOf = (options: MappingTest) => {
    try {
      createMappingTest(options).start();
    } catch (error) {
      if (error instanceof AwsError) return error;
      throw error;
    }
    throw new Error("the mapping was accepted");
  };

  it.each(READ_STREAM.Action)("needs %s on the stream", (action) => {
    const statement = { ...READ_STREAM, Action: READ_STREAM.Action.filter((each) => each !== action) };
    const refusal = refusalOf({ statements: [statement] });
    expect(refusal.code).toBe("InvalidParameterValueException");
    expect(refusal.message).toMatch(
      /^Cannot access stream arn:aws:dynamodb:\S+\. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM\.$/,
    );
  });

  it.each([
    ["PutObject", "s3:ListBucket", "*"],
    ["ListBucket", "s3:PutObject", "*"],
    ["PutObject", "s3:*", BUCKET_ARN],
  ])("needs %s on the failure destination, which %s on %s is not", (missing, Action, Resource) => {
    const statements = [READ_STREAM, { Effect: "Allow", Action, Resource }];
    const { code, message } = refusalOf({ statements, onFailureDestination: BUCKET_ARN });
    expect(code).toBe("InvalidParameterValueException");
    expect(message).toContain(`execution role does not have permissions to call ${missing} on S3`);
  });

  it.each<[Partial<MappingTest>, string]>([
    [
      { batchSize: 0 },
      "Value '0' at 'batchSize' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      { batchSize: 10_001 },
      "Value '10001' at 'batchSize' failed to satisfy constraint: Member must have value less than or equal to 10000",
    ],
    [{ batchSize: 1.5 }, "Value '1.5' at 'batchSize'"],
    [
      { batchSize: 11 },
      "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
    ],
    [{ maximumBatchingWindowInSeconds: 301 }, "Value '301' at 'maximumBatchingWindowInSeconds'"],
    [{ parallelizationFactor: 11 }, "Value '11' at 'parallelizationFactor'"],
    [{ maximumRetryAttempts: -2 }, "Value '-2' at 'maximumRetryAttempts'"],
    [{ maximumRecordAgeInSeconds: 59 }, "must be -1 or between 60 and 604800 (given 59)"],
    [{ filterPatterns: ["{"] }, "Invalid filter pattern definition"],
    [{ onFailureDestination: "arn:aws:sqs:eu-west-1:111122223333:queue" }, "(given arn:aws:sqs"],
  ])("refuses %j", (settings, message) => {
    expect(refusalOf(settings).message).toContain(message);
  });

  it("accepts AWS's own default, a batch of 100 without a window", () => {
    expect(() => run({ batchSize: 100 })).not.toThrow();
  });

  it("is followed by an authorization of each read", async () => {
    const { write, mapping, decisions, stream } = run();
    decisions.length = 0;
    write(1);
    await mapping.idle();
    expect(decisions.map(({ detail }) => detail?.action)).toContain("dynamodb:GetRecords");
    expect(decisions.every(({ resource }) => resource === stream.arn)).toBe(true);
  });
});
