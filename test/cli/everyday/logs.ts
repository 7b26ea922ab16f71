// `npm run logs` on a running pipeline.

import { describeLogEvent } from "../../../cli/log-line";
import { logsCommand } from "../../../cli/logs";
import { rendered } from "../../../cli/print";
import { pipeline } from "../../common-pipeline";
import { reset, upload } from "../operations";
import { run } from "../run";

beforeAll(async () => {
  await upload(pipeline, "1", "original/1.jpg");
});
afterAll(() => reset(pipeline));

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z {2}/;

it("shows what both functions printed by time, a line each, without the frame of JSON", async () => {
  const { lines, error } = await run(logsCommand(), pipeline);
  expect(error).toBeUndefined();
  for (const line of lines) expect(line).toMatch(TIME);
  expect(lines).toEqual([...lines].sort((one, other) => one.slice(0, 24).localeCompare(other.slice(0, 24))));
  const texts = lines.map((line) => line.replace(TIME, ""));
  expect(texts).toContain("SetProfileImage  INFO   set for profile 1  profileId=1  key=original/1.jpg");
  expect(texts).toContainEqual(
    expect.stringMatching(
      /^CreateThumbnail {2}INFO {3}created {2}(.* {2})?profileId=1 {2}key=original\/1\.jpg( {2}|$)/,
    ),
  );
  expect(texts).toContainEqual(
    expect.stringMatching(/^SetProfileImage {9}success: \d+ ms after a cold start of \d+ ms, \d+ of 256 MB$/),
  );
});

it("shows those of one function, as lines of JSON, and only as far back as is asked for", async () => {
  const { lines } = await run(logsCommand(), pipeline, "SetProfileImage", "--json");
  const events = lines.map((line) => JSON.parse(line));
  expect(events).toContainEqual({
    timestamp: expect.stringMatching(/Z$/),
    function: "SetProfileImage",
    message: expect.objectContaining({
      level: "INFO",
      message: { message: "set for profile 1", profileId: "1", key: "original/1.jpg" },
    }),
  });
  expect(new Set(events.map((event) => event.function))).toEqual(new Set(["SetProfileImage"]));
  const later = new Date(Date.now() + 1).toISOString();
  expect(await run(logsCommand(), pipeline, "--since", later)).toMatchObject({ lines: [], error: undefined });
});

it("follows what comes, each event once, until Ctrl-C, which is the AWS CLI's exit 130", async () => {
  const following = run(logsCommand(), pipeline, "--follow", "--since", new Date().toISOString());
  const wasRead = new Promise<void>((resolve) => {
    let reads = 0;
    const unsubscribe = pipeline.aws.activity.subscribe(({ action }) => {
      if (action === "FilterLogEvents") reads += 1;
      // Both functions' before the upload, once with it, and once more.
      if (reads < 6) return;
      unsubscribe();
      resolve();
    });
  });
  await upload(pipeline, "2", "original/2.jpg");
  await wasRead;
  process.emit("SIGINT");
  const { lines, error } = await following;
  expect(error).toBeUndefined();
  expect(lines.filter((line) => line.includes("set for profile 2"))).toHaveLength(1);
  expect(lines.filter((line) => line.includes("set for profile 1"))).toEqual([]);
  expect(process.exitCode).toBe(130);
  process.exitCode = undefined;
});

const DEEP = `{"message":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;

test.each<[string, string | object, string]>([
  ["text that is not JSON", "START RequestId: 1", "       START RequestId: 1"],
  ["an object", { level: "WARN", message: { message: "slow", ms: 7 } }, "WARN   slow  ms=7"],
  [
    "an error beside a message",
    {
      level: "ERROR",
      message: { message: "will be tried again", error: { errorType: "Late", errorMessage: "no time" } },
    },
    "ERROR  will be tried again  error=Late: no time",
  ],
  [
    "an error that nobody caught",
    { level: "ERROR", errorType: "Error", errorMessage: "no key", stackTrace: ["Error: no key"] },
    "ERROR  Error: no key",
  ],
  ["what a terminal would obey", { level: "INFO", message: "\u001b[2Jgone\n" }, "INFO   \\x1b[2Jgone\\x0a"],
  ["what would turn the writing", "\u202egpj.exe\u2069\u009b", "       \\u202egpj.exe\\u2069\\x9b"],
  ["a document too deep to be written", DEEP, `       ${DEEP}`],
  [
    "another event of Lambda's",
    { type: "platform.initReport", record: { phase: "init", status: "error" } },
    "       platform.initReport  phase=init  status=error",
  ],
])("%s is shown as one line", (_what, message, expected) => {
  const text = typeof message === "string" ? message : JSON.stringify(message);
  const event = describeLogEvent({ functionName: "CreateThumbnail", timestamp: 0, message: text });
  expect(rendered(event, process.stdout)).toBe(`1970-01-01T00:00:00.000Z  CreateThumbnail  ${expected}`);
});
