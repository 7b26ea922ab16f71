// What a step is put into words as: log lines that people read, and commands that a shell takes.

import { execFileSync } from "node:child_process";
import { awsCommandOf } from "../../console/aws-cli";
import { readableLine } from "../../console/page/log-line";
import type { Activity } from "../../local/activity";

describe("A log line", () => {
  test.each([
    ["plain text as it is", "plain text\n", "plain text"],
    [
      "Lambda's document as time, level and message, with what else it says",
      '{"timestamp":"2026-01-02T03:04:05.678Z","level":"INFO","requestId":"r","message":"created","profileId":"1"}',
      '03:04:05.678 INFO created {"profileId":"1"}',
    ],
    [
      "an object that was logged as its message and the rest",
      '{"timestamp":"2026-01-02T03:04:05.678Z","level":"INFO","message":{"message":"created","profileId":"1"}}',
      '03:04:05.678 INFO created {"profileId":"1"}',
    ],
    [
      "an error with its stack on lines of its own",
      JSON.stringify({
        timestamp: "2026-01-02T03:04:05.678Z",
        level: "ERROR",
        message: {
          message: "will be tried again",
          profileId: "4",
          error: {
            errorType: "TooManyRequests",
            errorMessage: "Your monthly limit has been exceeded.",
            stackTrace: ["TooManyRequests: Your monthly limit has been exceeded.", "    at explain (index.js:1:2)"],
          },
        },
      }),
      [
        '03:04:05.678 ERROR will be tried again {"profileId":"4"}',
        "    TooManyRequests: Your monthly limit has been exceeded.",
        "      at explain (index.js:1:2)",
      ].join("\n"),
    ],
    [
      "an error that ended the invocation as well",
      JSON.stringify({
        timestamp: "2026-01-02T03:04:05.678Z",
        level: "ERROR",
        message: { errorType: "Error", errorMessage: "no key", stackTrace: ["    at load (index.js:3:4)"] },
      }),
      ["03:04:05.678 ERROR", "    Error: no key", "      at load (index.js:3:4)"].join("\n"),
    ],
    [
      "the platform's report as its record",
      '{"time":"2026-01-02T03:04:05.678Z","type":"platform.start","record":{"requestId":"r","version":"$LATEST"}}',
      "03:04:05.678 platform.start ",
    ],
  ])("is %s", (_title, line, expected) => {
    expect(readableLine(line)).toBe(expected);
  });
});

describe("A step as a command of the AWS CLI", () => {
  const place = { endpoint: "http://127.0.0.1:4566", region: "eu-west-1" };
  const head = { method: "GET", path: "/", headers: {} };
  /** The words that a shell makes of it, without what is the same in each. */
  const wordsOf = (each: Partial<Activity>, payload?: string): string[] | undefined => {
    const command = awsCommandOf({ at: 0, service: "s3", action: "", ...each }, payload, place);
    if (command === undefined) return undefined;
    const [keys, rest = ""] = command.split(" aws ");
    expect(keys).toBe("AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test");
    const words = execFileSync("sh", ["-c", `for word in ${rest}; do printf '%s\\0' "$word"; done`], {
      encoding: "utf8",
    });
    const all = words.split("\0").slice(0, -1);
    expect(all.slice(-4)).toEqual(["--endpoint-url", place.endpoint, "--region", place.region]);
    return all.slice(0, -4);
  };

  test("asks DynamoDB for the same, with whatever condition it had", () => {
    const body = JSON.stringify({ TableName: "user-profile", ConditionExpression: "it's < :new" });
    const request = { ...head, body };
    expect(wordsOf({ service: "dynamodb", action: "UpdateItem", request })).toEqual([
      "dynamodb",
      "update-item",
      "--cli-input-json",
      body,
    ]);
    expect(wordsOf({ service: "dynamodb", action: "PutItem", request: { ...head, body: '{"cut…' } })).toBeUndefined();
  });

  test("asks S3 for the same, with conditions and metadata", () => {
    const resource = "arn:aws:s3:::photos/original/1/my photo's.jpg";
    expect(wordsOf({ action: "GetObject", resource, request: { ...head, headers: { "if-match": '"abc"' } } })).toEqual([
      ...["s3api", "get-object", "--bucket", "photos", "--key", "original/1/my photo's.jpg"],
      ...["--if-match", '"abc"', "FILE"],
    ]);
    const headers = {
      "content-type": "image/jpeg",
      "x-amz-meta-user-profile-id": "1",
      "x-amz-tagging": "Thumbnail=true",
    };
    expect(wordsOf({ action: "PutObject", resource, request: { ...head, headers } })).toEqual([
      ...["s3api", "put-object", "--bucket", "photos", "--key", "original/1/my photo's.jpg", "--body", "FILE"],
      ...["--content-type", "image/jpeg", "--metadata", '{"user-profile-id":"1"}', "--tagging", "Thumbnail=true"],
    ]);
  });

  test("invokes a function with the same event", () => {
    const invoke = { service: "lambda", action: "Invoke", resource: "CreateThumbnail" };
    expect(wordsOf(invoke, '{"Records":[]}')).toEqual([
      ...["lambda", "invoke", "--function-name", "CreateThumbnail", "--cli-binary-format", "raw-in-base64-out"],
      ...["--payload", '{"Records":[]}', "/dev/stdout"],
    ]);
    expect(wordsOf(invoke)).toBeUndefined();
  });

  test("sends the same event", () => {
    const body = '{"Entries":[{"Source":"profile-image"}]}';
    expect(wordsOf({ service: "events", action: "PutEvents", request: { ...head, body } })).toEqual([
      ...["events", "put-events", "--cli-input-json", body],
    ]);
    expect(wordsOf({ service: "events", action: "PutEvents", request: { ...head, body: '{"cut…' } })).toBeUndefined();
  });

  test("reads the parameter", () => {
    const resource = "arn:aws:ssm:eu-west-1:111122223333:parameter/profile-image/tinypng-key";
    expect(wordsOf({ service: "ssm", action: "GetParameter", resource })).toEqual([
      ...["ssm", "get-parameter", "--name", "/profile-image/tinypng-key", "--with-decryption"],
    ]);
  });

  test("is none for what the CLI cannot ask", () => {
    expect(wordsOf({ action: "Notify" })).toBeUndefined();
    expect(wordsOf({ service: "tinify", action: "Shrink" })).toBeUndefined();
  });
});
