import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetBucketNotificationConfigurationCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { createFaults } from "../../../local/faults";
import type { LambdaFunctionConfiguration } from "../../../local/s3/bucket/types";
import { BUCKET, FUNCTION_ARN, startS3, type TestS3 } from "./harness";

let aws: TestS3;
beforeEach(async () => {
  aws = await startS3();
});
afterEach(() => aws.close());

const configuration = (more: Partial<LambdaFunctionConfiguration> = {}): LambdaFunctionConfiguration => ({
  id: "photos",
  lambdaFunctionArn: FUNCTION_ARN,
  events: ["s3:ObjectCreated:*"],
  ...more,
});
const inApi = ({ id, lambdaFunctionArn, events, prefix, suffix }: LambdaFunctionConfiguration) => ({
  Id: id,
  LambdaFunctionArn: lambdaFunctionArn,
  Events: events,
  Filter: {
    Key: {
      FilterRules: [
        ...(prefix === undefined ? [] : [{ Name: "prefix", Value: prefix }]),
        ...(suffix === undefined ? [] : [{ Name: "suffix", Value: suffix }]),
      ],
    },
  },
});
const configure = (...configurations: LambdaFunctionConfiguration[]) => aws.notify(...configurations.map(inApi));
const put = (Key: string, Body = "hello", client = aws.client) =>
  client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));

/** Times of events are whole milliseconds. */
function passMillisecond(): void {
  const start = Date.now();
  while (Date.now() === start);
}

it("of an upload that another one overtakes carries the later sequencer, and on demand the earlier time", async () => {
  for (const datesEventsByArrival of [false, true]) {
    const faults = createFaults();
    const s3 = await startS3({ datesEventsByArrival, faults });
    await s3.notify(inApi(configuration()));
    const putBody = (Body: string) => s3.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "a.jpg", Body }));
    let isFirst = true;
    faults.inject({
      request() {
        if (!isFirst) return undefined;
        isFirst = false;
        passMillisecond();
        return { until: putBody("second").then(passMillisecond) };
      },
    });
    const { ETag } = await putBody("first");
    await s3.close();
    const [earlier, later] = s3.records.map(({ eventTime, s3: { object } }) => ({ eventTime, ...object }));
    expect(`"${later?.eTag}"`).toBe(ETag);
    expect((earlier?.sequencer ?? "") < (later?.sequencer ?? "")).toBe(true);
    expect((earlier?.eventTime ?? "") < (later?.eventTime ?? "")).toBe(!datesEventsByArrival);
  }
});

describe("an event", () => {
  it("has AWS's form", async () => {
    await configure(configuration({ prefix: "original/", suffix: ".jpg" }));
    const { $metadata } = await put("original/red flower+ü (1)*.jpg");
    expect(aws.records).toEqual([
      {
        eventVersion: "2.1",
        eventSource: "aws:s3",
        awsRegion: "eu-west-1",
        eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        eventName: "ObjectCreated:Put",
        userIdentity: { principalId: expect.stringMatching(/^AWS:AIDA/) },
        requestParameters: { sourceIPAddress: expect.stringContaining("127.0.0.1") },
        responseElements: { "x-amz-request-id": $metadata.requestId, "x-amz-id-2": $metadata.extendedRequestId },
        s3: {
          s3SchemaVersion: "1.0",
          configurationId: "photos",
          bucket: {
            name: BUCKET,
            ownerIdentity: { principalId: expect.any(String) },
            arn: `arn:aws:s3:::${BUCKET}`,
          },
          object: {
            key: "original/red+flower%2B%C3%BC+%281%29*.jpg",
            size: 5,
            eTag: "5d41402abc4b2a76b9719d911017c592",
            sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
          },
        },
      },
    ]);
    expect(aws.activities).toContainEqual(
      expect.objectContaining({
        service: "s3",
        action: "Notify",
        resource: FUNCTION_ARN,
        detail: expect.objectContaining({ bucket: BUCKET, eventName: "ObjectCreated:Put" }),
      }),
    );
  });

  it("goes out for keys that match the filter exactly, also in case", async () => {
    await configure(configuration({ prefix: "original/", suffix: ".jpg" }));
    for (const key of ["original/a.JPG", "Original/a.jpg", "original/a.jpeg", "thumbnails/original/a.jpg"])
      await put(key);
    expect(aws.records).toEqual([]);
    await put("original/a.jpg");
    expect(aws.records).toHaveLength(1);
  });

  it("finds filters of special characters form-encoded", async () => {
    await configure(configuration({ prefix: "my+photos%2B/" }));
    await put("my photos+/a");
    await put("my+photos%2B/a");
    expect(aws.records.map(({ s3 }) => s3.object.key)).toEqual(["my+photos%2B/a"]);
  });

  it("of one key has an ever growing sequencer", async () => {
    await configure(configuration());
    for (let index = 0; index < 20; index += 1) await put("same", `${index}`);
    const sequencers = aws.records.map(({ s3 }) => s3.object.sequencer);
    expect([...new Set(sequencers)].sort()).toEqual(sequencers);
    expect(sequencers).toHaveLength(20);
  });

  it("says what happened: copies and removals too", async () => {
    await configure(configuration({ events: ["s3:ObjectCreated:Copy", "s3:ObjectRemoved:*"] }));
    await put("from");
    await aws.client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: "to", CopySource: `${BUCKET}/from` }));
    await aws.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "to" }));
    await aws.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "to" }));
    expect(aws.records.map(({ eventName }) => eventName)).toEqual(["ObjectCreated:Copy", "ObjectRemoved:Delete"]);
    expect(aws.records[1]?.s3.object).toEqual({ key: "to", sequencer: expect.any(String) });
  });

  it.each([
    ["s3:ObjectTagging:*", ["ObjectTagging:Put", "ObjectTagging:Delete"]],
    ["s3:ObjectTagging:Put", ["ObjectTagging:Put"]],
    ["s3:ObjectTagging:Delete", ["ObjectTagging:Delete"]],
  ])("of %s tells of tags that change by themselves: %j", async (selected, delivered) => {
    await configure(configuration({ events: [selected] }));
    const target = { Bucket: BUCKET, Key: "tagged" };
    await aws.client.send(new PutObjectCommand({ ...target, Body: "hello", Tagging: "Thumbnail=true" }));
    const Tagging = { TagSet: [{ Key: "Thumbnail", Value: "false" }] };
    await aws.client.send(new PutObjectTaggingCommand({ ...target, Tagging }));
    await aws.client.send(new DeleteObjectTaggingCommand(target));
    expect(aws.records.map(({ eventName }) => eventName)).toEqual(delivered);
    // Only events of content that comes or goes have a sequencer.
    expect(aws.records[0]?.s3.object).toEqual({ key: "tagged", size: 5, eTag: expect.any(String) });
  });

  it("goes out only for what was stored", async () => {
    await configure(configuration());
    await expect(put("denied", "x", aws.asRole())).rejects.toMatchObject({ name: "AccessDenied" });
    await aws.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "denied" })).catch(() => {});
    expect(aws.records).toEqual([]);
  });
});

describe("a configuration", () => {
  const other = (more: Partial<LambdaFunctionConfiguration>) => configuration({ id: "other", ...more });

  it.each<[string, LambdaFunctionConfiguration[], string]>([
    [
      "a function that S3 may not invoke",
      [configuration({ lambdaFunctionArn: `${FUNCTION_ARN}2` })],
      "Unable to validate the following destination configurations",
    ],
    [
      "an unknown event",
      [configuration({ events: ["s3:ObjectCreate:*"] })],
      "The event is not supported for notifications",
    ],
    [
      "an event that never happens here",
      [configuration({ events: ["s3:ObjectRestore:Post"] })],
      "s3:ObjectRestore:Post never happens",
    ],
    ["a malformed ARN", [configuration({ lambdaFunctionArn: "SetProfileImage" })], "The ARN is not well formed"],
    ["one id twice", [configuration(), configuration({ prefix: "a" })], "Same ID used for multiple configurations."],
    ["one event twice", [configuration(), other({ events: ["s3:ObjectCreated:Put"] })], "Configurations overlap."],
    [
      "overlapping prefixes and suffixes",
      [configuration({ prefix: "original/", suffix: ".jpg" }), other({ prefix: "original/a", suffix: "g" })],
      "Configuration is ambiguously defined.",
    ],
    ["no filter beside a filter", [configuration(), other({ prefix: "a" })], "Configuration is ambiguously defined."],
  ])("with %s is refused", async (_what, configurations, message) => {
    await expect(configure(...configurations)).rejects.toThrow(message);
  });

  it.each([
    "s3:LifecycleExpiration:*",
    "s3:LifecycleTransition",
    "s3:Replication:*",
    "s3:IntelligentTiering",
    "s3:ObjectAcl:Put",
    "s3:ReducedRedundancyLostObject",
  ])("for %s is refused by name: that never happens here", async (event) => {
    await expect(configure(configuration({ events: [event] }))).rejects.toMatchObject({
      code: "NotImplemented",
      message: expect.stringContaining(`${event} never happens`),
    });
  });

  it.each<[string, LambdaFunctionConfiguration[]]>([
    ["other suffixes", [configuration({ suffix: ".jpg" }), other({ suffix: ".jpeg" })]],
    ["other prefixes", [configuration({ prefix: "a/" }), other({ prefix: "b/" })]],
    ["other events", [configuration(), other({ events: ["s3:ObjectRemoved:*"] })]],
  ])("with %s is accepted", async (_what, configurations) => {
    await expect(configure(...configurations)).resolves.not.toThrow();
  });

  it("is read as it was put, by those who may", async () => {
    await configure(configuration({ prefix: "original/", suffix: ".jpg" }), other({ events: ["s3:ObjectRemoved:*"] }));
    const command = new GetBucketNotificationConfigurationCommand({ Bucket: BUCKET });
    const { $metadata: _metadata, ...read } = await aws.client.send(command);
    const FilterRules = [
      { Name: "Prefix", Value: "original/" },
      { Name: "Suffix", Value: ".jpg" },
    ];
    expect(read).toEqual({
      LambdaFunctionConfigurations: [
        {
          Id: "photos",
          LambdaFunctionArn: FUNCTION_ARN,
          Events: ["s3:ObjectCreated:*"],
          Filter: { Key: { FilterRules } },
        },
        { Id: "other", LambdaFunctionArn: FUNCTION_ARN, Events: ["s3:ObjectRemoved:*"] },
      ],
    });
    await expect(aws.asRole().send(command)).rejects.toMatchObject({ name: "AccessDenied" });
    await configure();
    expect(await aws.client.send(command)).not.toHaveProperty("LambdaFunctionConfigurations");
  });
});
