import { AwsError } from "../../../local/aws-error";
import { BUCKET_ARN, createMappingTest, type MappingTest, mappingRunner, READ_STREAM } from "./mapping-harness";

const run = mappingRunner();

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

describe("a change", () => {
  it("goes on behind what the function has done", async () => {
    const { write, mapping, batches, start } = run({ filterPatterns: [] }, 1, 2);
    await mapping.idle();
    await mapping.close();
    write(3);
    const successor = start(mapping.position());
    await successor.idle();
    await successor.close();
    expect(batches).toEqual(["1,2", "3"]);
  });

  it("hands out once more what the function has in hand", async () => {
    let take = () => {};
    const inHand = new Promise<void>((resolve) => {
      take = resolve;
    });
    let calls = 0;
    // The second one never ends.
    const play = () => (++calls === 2 ? new Promise(() => take()) : null);
    const { write, mapping, batches, start } = run({ play }, 1);
    await mapping.idle();
    write(2);
    await inHand;
    const successor = start(mapping.position());
    await mapping.close();
    await successor.idle();
    await successor.close();
    expect(batches).toEqual(["1", "2", "2"]);
  });
});
