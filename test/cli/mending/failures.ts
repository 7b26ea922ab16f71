// `npm run failures` and `npm run redrive` on a running pipeline in which things go wrong.

import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Command } from "commander";
import { backfillCommand } from "../../../cli/backfill";
import { failuresCommand, type ListedFailure } from "../../../cli/failures";
import { logsCommand } from "../../../cli/logs";
import { profilesCommand } from "../../../cli/profiles";
import { redriveCommand } from "../../../cli/redrive";
import { AwsError } from "../../../local/aws-error";
import { pipeline } from "../../common-pipeline";
import { createPlace } from "../command";
import {
  failureKeys,
  giveUp,
  PHOTOS,
  type Redriven,
  reset,
  thumbnailKeys,
  upload,
  whileForbidden,
} from "../operations";
import { run, runJson } from "../run";

afterEach(() => reset(pipeline));
afterAll(() => pipeline.dynamodb.send(new DeleteItemCommand({ TableName: pipeline.names.table, Key: GHOST })));

/** A profile that is not there until its photo has failed. */
const GHOST = { id: { N: "4711" } };

const list = async () => (await runJson<{ failures: ListedFailure[] }>(failuresCommand(), pipeline)).failures;
const redrive = (...args: string[]) => runJson<Redriven>(redriveCommand(), pipeline, ...args);

it("without failures both say so, and it is not an error", async () => {
  expect(await run(failuresCommand(), pipeline)).toMatchObject({
    lines: ["There are no failures."],
    error: undefined,
  });
  expect(await redrive("--all")).toEqual({
    succeeded: 0,
    superseded: 0,
    failed: 0,
    remaining: 0,
    records: [],
    error: undefined,
  });
});

it("failures of all three forms are listed, replayed, and removed as far as they succeed", async () => {
  await giveUp(pipeline, "SetProfileImage", "1", "original/my photo + me.jpg");
  await giveUp(pipeline, "CreateThumbnail", "2", "original/two.jpg");
  await upload(pipeline, "4711", "original/ghost.jpg");
  await upload(pipeline, "3", "original/broken.jpg", "no photo");

  const listed = await list();
  expect(listed).toMatchObject([
    {
      function: "SetProfileImage",
      profileId: null,
      key: "original/my photo + me.jpg",
      // All that the SDK can say of a HEAD: its answer has no body that would tell more.
      reason: { code: "RetriesExhausted", message: "Unknown: UnknownError, 3 tries" },
      record: expect.stringMatching(/^aws\/lambda\/async\/SetProfileImage\//),
    },
    {
      function: "CreateThumbnail",
      profileId: "2",
      key: "original/two.jpg",
      reason: {
        code: "RetryAttemptsExhausted",
        message: expect.stringMatching(/Forbidden|AccessDenied|not authorized/),
      },
      record: expect.stringMatching(/^aws\/lambda\/.*\/shardId-/),
    },
    { function: "SetProfileImage", profileId: "4711", key: "original/ghost.jpg", reason: { code: "UnknownProfile" } },
    { function: "CreateThumbnail", profileId: "3", key: "original/broken.jpg", reason: { code: "UnusablePhoto" } },
  ]);
  for (const { when } of listed) expect(when).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
  const { lines } = await run(failuresCommand(), pipeline);
  expect(lines[0]).toMatch(/^\S+Z {2}SetProfileImage {2}profile \? {2}original\/my photo \+ me\.jpg$/);
  expect(lines.at(-1)).toMatch(/^4 failed events in 4 records\..*npm run redrive/);

  const Item = { ...GHOST, name: { S: "Ghost" } };
  await pipeline.dynamodb.send(new PutItemCommand({ TableName: pipeline.names.table, Item }));
  const ghost = listed[2]?.record ?? "";
  const redriven = await run(redriveCommand(), pipeline, "--all");
  expect(redriven.error).toMatch(
    /^2 of 4 records still fail; "npm run failures -- --endpoint-url http:\/\/127\.0\.0\.1:\d+" lists them$/,
  );
  // Side by side, so in no particular order.
  const [one, two, three, four, last] = redriven.lines;
  expect([one, two, three, four].map((line, index) => line?.startsWith(`[${index + 1}/4] `))).not.toContain(false);
  expect([one, two, three, four].map((line) => line?.slice("[1/4] ".length)).sort()).toEqual([
    expect.stringMatching(/^failed {6}CreateThumbnail {2}profile 3 .* UnusablePhoto: /),
    expect.stringMatching(
      /^failed {6}SetProfileImage {2}profile 4711 .* would become the photo of profile 4711 \(Ghost\)/,
    ),
    expect.stringMatching(/^succeeded {3}CreateThumbnail {2}profile 2 {2}original\/two\.jpg {2}aws\/lambda\//),
    expect.stringMatching(/^succeeded {3}SetProfileImage {2}original\/my photo \+ me\.jpg {2}aws\/lambda\/async/),
  ]);
  expect(last).toBe("2 succeeded, 0 superseded, 2 failed.");
  await pipeline.aws.idle();
  expect(await thumbnailKeys(pipeline)).not.toContain("thumbnails/ghost.jpg");
  const named = await run(redriveCommand(), pipeline, ghost);
  expect(named.lines).toEqual([
    "original/ghost.jpg would become the photo of profile 4711 (Ghost).",
    expect.stringMatching(/^\[1\/1\] succeeded {3}SetProfileImage {2}profile 4711/),
    "1 succeeded, 0 superseded, 0 failed.",
  ]);
  await pipeline.aws.idle();
  expect(await thumbnailKeys(pipeline)).toEqual([
    "thumbnails/ghost.jpg",
    "thumbnails/my photo + me.jpg",
    "thumbnails/two.jpg",
  ]);
  expect(await failureKeys(pipeline)).toEqual([listed[3]?.record]);
});

describe("what Lambda gave up without a word", () => {
  afterEach(() => pipeline.aws.faults.clear());
  const answering = (service: string, status: number, body: object) =>
    pipeline.aws.faults.inject({
      request: (call) =>
        call.service === service
          ? { response: { status, contentType: "application/json", body: JSON.stringify(body) } }
          : undefined,
    });
  const quotaIsSpent = () =>
    answering("tinify", 429, { error: "TooManyRequests", message: "Your monthly limit has been exceeded" });
  const CAUSE = "TinyPNG: 429 TooManyRequests (Your monthly limit has been exceeded)";

  it("is told with the function's last error of that request, which its log has", async () => {
    quotaIsSpent();
    await upload(pipeline, "1", "original/one.jpg");
    const reason = { code: "RetryAttemptsExhausted", message: expect.stringMatching(/^TinyPNG: .*, \d tries$/) };
    const listed = await list();
    expect(listed).toMatchObject([{ profileId: "1", reason }]);
    expect(listed[0]?.reason.message).toContain(CAUSE);
    expect((await run(failuresCommand(), pipeline)).lines[1]).toContain(`RetryAttemptsExhausted: ${CAUSE}, `);
    expect(await redrive("--all")).toMatchObject({ failed: 1, records: [{ why: CAUSE }] });
  });

  it("is told without when the log is gone, or may not be read", async () => {
    await giveUp(pipeline, "CreateThumbnail", "1", "original/one.jpg");
    const { s3, names } = pipeline;
    const [Key] = await failureKeys(pipeline);
    const of = { Bucket: names.failuresBucket, Key };
    const text = (await (await s3.send(new GetObjectCommand(of))).Body?.transformToString()) ?? "";
    const { requestId } = JSON.parse(text).requestContext;
    const gone = "00000000-0000-4000-8000-000000000000";
    await s3.send(new PutObjectCommand({ ...of, Body: text.replace(requestId, gone) }));
    expect((await list())[0]?.reason.message).toMatch(/its log says why \(it has nothing of the request 0{8}-.*\)$/);
    answering("logs", 400, { __type: "ResourceNotFoundException", message: "no such group" });
    expect((await list())[0]?.reason.message).toMatch(/\d tries; its log says why \(it is gone\)$/);
    pipeline.aws.faults.clear();
    answering("logs", 400, { __type: "AccessDeniedException", message: "No way" });
    expect((await list())[0]?.reason.message).toMatch(/its log says why \(AccessDeniedException: No way\)$/);
  });
});

it("an event of Lambda's record that can never succeed is kept as the function's own record instead", async () => {
  await giveUp(pipeline, "SetProfileImage", "1", "original/gone.jpg");
  await pipeline.s3.send(new DeleteObjectCommand({ Bucket: pipeline.names.bucket, Key: "original/gone.jpg" }));
  const { failed, error, records } = await redrive("--all");
  expect(failed).toBe(1);
  expect(error).toContain("1 of 1 records still fail");
  const keys = await failureKeys(pipeline);
  expect(keys).toEqual([expect.stringMatching(/^SetProfileImage\//)]);
  expect(records[0]).toMatchObject({ why: expect.stringContaining("PhotoGone"), keptAs: keys });
  expect(await redrive("--all")).toMatchObject({ failed: 1 });
  expect(await failureKeys(pipeline)).toEqual(keys);
});

it("each event of a batch that Lambda gave up is replayed by itself", async () => {
  await giveUp(pipeline, "CreateThumbnail", "1", "original/gone.jpg");
  await giveUp(pipeline, "CreateThumbnail", "2", "original/two.jpg");
  const { s3, names } = pipeline;
  const keys = await failureKeys(pipeline);
  const contents = await Promise.all(
    keys.map(async (Key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: names.failuresBucket, Key }));
      return JSON.parse((await Body?.transformToString()) ?? "");
    }),
  );
  const Records = contents.flatMap(({ payload }) => JSON.parse(payload).Records);
  const Body = JSON.stringify({ ...contents[0], payload: JSON.stringify({ Records }) });
  await s3.send(new PutObjectCommand({ Bucket: names.failuresBucket, Key: "aws/lambda/batch", Body }));
  for (const Key of keys) await s3.send(new DeleteObjectCommand({ Bucket: names.failuresBucket, Key }));
  await s3.send(new DeleteObjectCommand({ Bucket: names.bucket, Key: "original/gone.jpg" }));

  expect((await list()).map(({ profileId, record: key }) => [profileId, key]).sort()).toEqual([
    ["1", "aws/lambda/batch"],
    ["2", "aws/lambda/batch"],
  ]);
  expect(await redrive("--all")).toMatchObject({ failed: 1, records: [{ why: expect.stringMatching(/^PhotoGone/) }] });
  expect(await thumbnailKeys(pipeline)).toEqual(["thumbnails/two.jpg"]);
  expect(await list()).toMatchObject([{ profileId: "1", reason: { code: "PhotoGone" } }]);
});

it("a function that still fails leaves the record as it is", async () => {
  await giveUp(pipeline, "SetProfileImage", "1", "original/one.jpg");
  await giveUp(pipeline, "CreateThumbnail", "2", "original/two.jpg");
  const keys = await failureKeys(pipeline);
  await whileForbidden(pipeline, "SetProfileImage", PHOTOS, () =>
    whileForbidden(pipeline, "CreateThumbnail", PHOTOS, async () => {
      expect(await redrive("--all")).toMatchObject({ succeeded: 0, failed: 2 });
    }),
  );
  expect(await failureKeys(pipeline)).toEqual(keys);
});

describe("a photo whose name a terminal would obey", () => {
  /** Clears the screen, in two spellings, turns the writing, and begins a line of its own. */
  const KEY = "original/\u001b[2J\u009b2J\u202egpj\u2066\u200f\u061c\n.jpg";
  const SHOWN = "original/\\x1b[2J\\x9b2J\\u202egpj\\u2066\\u200f\\u061c\\x0a.jpg";
  const OBEYED = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

  it("is shown by no command as it is, and by --json as the same value", async () => {
    await upload(pipeline, "5", KEY, "no photo");
    const commands: [Command, ...string[]][] = [
      [failuresCommand()],
      [redriveCommand(), "--all"],
      [backfillCommand(), "5"],
      [profilesCommand()],
      [logsCommand()],
    ];
    for (const [command, ...args] of commands) {
      const { lines, progress } = await run(command, pipeline, ...args);
      expect({ command: command.name(), lines: lines.filter((line) => OBEYED.test(line)), progress }).toEqual({
        command: command.name(),
        lines: [],
        progress: `the embedded AWS at ${pipeline.aws.account.endpoint}, stage none\n`,
      });
      expect(lines.join("\n")).toContain(SHOWN);
    }
    for (const command of [failuresCommand(), redriveCommand(), profilesCommand(), logsCommand()]) {
      const args = command.name() === "redrive" ? ["--all"] : [];
      const { lines } = await run(command, pipeline, "--json", ...args);
      expect(lines.filter((line) => OBEYED.test(line))).toEqual([]);
      expect(lines.map((line) => JSON.stringify(JSON.parse(line))).join()).toContain(JSON.stringify(KEY).slice(1, -1));
    }
  });
});

it("only the records that are named are replayed", async () => {
  await giveUp(pipeline, "SetProfileImage", "1", "original/one.jpg");
  await giveUp(pipeline, "SetProfileImage", "2", "original/two.jpg");
  const [first, second] = (await list()).map(({ record: key }) => key);
  expect(await redrive(first ?? "")).toMatchObject({ succeeded: 1, records: [{ record: first }], error: undefined });
  expect(await failureKeys(pipeline)).toEqual([second]);
});

describe("an object that is not a failure record", () => {
  const own = { timestamp: "2026-05-01T12:00:00.000Z", function: "CreateThumbnail" };
  const reason = { code: "UnusablePhoto", message: "no photo" };
  const change = { eventName: "INSERT", dynamodb: { Keys: { id: { N: "1" } } } };
  const lambda = (event: unknown, context = {}) => ({
    ...own,
    function: undefined,
    requestContext: { functionArn: "arn:aws:lambda:eu-west-1:1:function:CreateThumbnail", condition: "x", ...context },
    payload: JSON.stringify(event),
  });
  const of = (...Records: unknown[]) => ({ ...own, reason, event: { Records } });
  const ODD: readonly unknown[] = [
    "",
    "hello",
    "null",
    "7",
    "[]",
    {},
    { ...own, reason, event: null },
    { ...own, reason: { code: 1, message: {} }, event: { Records: [change] } },
    { ...own, timestamp: "today", reason, event: { Records: [change] } },
    { ...of(change), profileId: 7 },
    of(),
    of(null),
    of("x"),
    of({}),
    of({ dynamodb: { Keys: { id: { N: "Pete" } } } }),
    of({ dynamodb: { Keys: { id: { S: "" } } } }),
    of({ dynamodb: { Keys: { id: { N: "" } } } }),
    of({ ...change, dynamodb: { ...change.dynamodb, ApproximateCreationDateTime: 1e20 } }),
    of({ s3: {} }),
    of({ eventTime: "x", s3: { bucket: { name: "b" }, object: { key: "%E0%A4%A", eTag: "1", sequencer: "1" } } }),
    lambda(null),
    lambda({ Records: [] }),
    lambda({ Records: [change] }, { functionArn: 7 }),
  ];

  it("is listed as such, is never removed, and keeps no other from being replayed", async () => {
    const { s3, names } = pipeline;
    await giveUp(pipeline, "SetProfileImage", "1", "original/one.jpg");
    const [sound] = await failureKeys(pipeline);
    const put = (Key: string, Body: string) =>
      s3.send(new PutObjectCommand({ Bucket: names.failuresBucket, Key, Body: Buffer.from(Body) }));
    const keys = ODD.map((_, index) => `odd/${index}`);
    await Promise.all(
      ODD.map((content, index) => put(`odd/${index}`, typeof content === "string" ? content : JSON.stringify(content))),
    );
    await put("forbidden", "{}");
    const stop = pipeline.aws.faults.inject({
      request: ({ method, path }) =>
        method === "GET" && path.endsWith("/forbidden")
          ? { error: new AwsError("InvalidObjectState", "It is in an archive", 403) }
          : undefined,
    });
    try {
      const listed = await list();
      const odd = listed.filter(({ record: key }) => key !== sound);
      expect(odd.map(({ record: key }) => key).sort()).toEqual([...keys, "forbidden"].sort());
      for (const { profileId, reason: why } of odd) expect([profileId, why.code]).toEqual([null, "NotUnderstood"]);
      expect(odd.find(({ record: key }) => key === "forbidden")?.reason.message).toBe(
        "it cannot be read: InvalidObjectState: It is in an archive",
      );
      expect(await redrive("--all")).toMatchObject({ succeeded: 1, failed: ODD.length + 1 });
      expect((await failureKeys(pipeline)).sort()).toEqual([...keys, "forbidden"].sort());
    } finally {
      stop();
    }
  });

  it("of a photo and profile that cannot be, too, ends no replay of others", async () => {
    const { s3, names } = pipeline;
    await giveUp(pipeline, "SetProfileImage", "1", "original/one.jpg");
    const image = { S: `original/${"x".repeat(1100)}` };
    const impossible = [
      { ...change, eventName: "MODIFY", dynamodb: { Keys: { id: { N: "1e400" } }, NewImage: { image } } },
      { ...change, eventName: "MODIFY", dynamodb: { ...change.dynamodb, OldImage: { image } } },
    ];
    await s3.send(
      new PutObjectCommand({ Bucket: names.failuresBucket, Key: "by/hand", Body: JSON.stringify(of(...impossible)) }),
    );
    expect(await redrive("--all")).toMatchObject({ succeeded: 1, failed: 1 });
  });
});

describe("a mistake of the user's is answered with one sentence", () => {
  it.each([
    ["no record named", [], /^say which records to replay: .*--all/],
    ["all and one", ["--all", "x"], /^say which records to replay/],
    ["a record that is not there", ["x/y.json"], /^there is no failure record "x\/y\.json" in .* \(any more\)$/],
    ["one without a name", [""], /^there is no failure record "" in/],
    ["another stage", ["--all", "--stage", "prod"], /SetProfileImage-prod.*is the stack deployed there/],
    ["no stage at all", ["--all", "--stage", "P!"], /"stage" must be 1 to 16/],
    ["an endpoint without an AWS", ["--all", "--endpoint-url", "http://127.0.0.1:9"], /^nothing listens at/],
    ["an endpoint that is no URL", ["--all", "--endpoint-url", "here"], /^--endpoint-url must be a URL .*"here"/],
  ])("such as %s", async (_what, args, message) => {
    expect((await run(redriveCommand(), pipeline, ...args)).error).toMatch(message);
  });
});

it("the process ends with 1 when something still fails", async () => {
  await upload(pipeline, "3", "original/broken.jpg", "no photo");
  const place = createPlace();
  try {
    expect(await place.run(["redrive", "--all", "--json", "--endpoint-url", pipeline.aws.account.endpoint])).toEqual({
      code: 1,
      stdout: expect.stringMatching(/^\{"succeeded":0,.*\}\n$/),
      stderr: expect.stringMatching(
        /\nprofile-image: 1 of 1 records still fail; "npm run failures -- --endpoint-url .*" lists them\n$/,
      ),
    });
  } finally {
    await place.close();
  }
}, 60_000);
