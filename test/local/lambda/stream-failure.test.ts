import { AwsError } from "../../../local/aws-error";
import { BUCKET_ARN, createMappingTest, crowded, mappingRunner, report, throttled } from "./mapping-harness";

const run = mappingRunner();
const failing = () => new Error("no thumbnail");

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
    await mapping.idle();
    await mapping.close();
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
