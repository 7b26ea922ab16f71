import { causesIn } from "../../operations/log-causes";

const RETRIED = { message: "will be tried again", profileId: "1" };
const report = (record: object) => JSON.stringify({ type: "platform.report", record });
const line = (message: unknown, more = {}) => JSON.stringify({ level: "ERROR", message, ...more });

it.each<[string, string[], string[]]>([
  [
    "TinyPNG's answer, without its client's frame",
    [
      line({
        ...RETRIED,
        error: { errorType: "AccountError", errorMessage: "Too many requests (HTTP 429/TooManyRequests)" },
      }),
    ],
    ["TinyPNG: 429 TooManyRequests (Too many requests)"],
  ],
  [
    "different errors, each once",
    ["A", "B", "A"].map((errorType) => line({ ...RETRIED, error: { errorType, errorMessage: "no" } })),
    ["A: no", "B: no"],
  ],
  [
    "what nobody caught",
    [line(undefined, { errorType: "KeyRefused", errorMessage: "no key" })],
    ["KeyRefused: no key"],
  ],
  ["what nobody caught, in a message", [line({ errorType: "Error", errorMessage: "no key" })], ["no key"]],
  [
    "Lambda's time limit",
    [line("begun"), report({ status: "timeout", metrics: { durationMs: 120_000.4 } })],
    ["the function was stopped by its time limit after 120000 ms"],
  ],
  [
    "Lambda's time limit as text",
    ["2026 x Task timed out after 3.00 seconds\n"],
    ["Task timed out after 3.00 seconds"],
  ],
  ["a killed process", [report({ status: "error", errorType: "Runtime.OutOfMemory" })], ["Runtime.OutOfMemory"]],
  [
    "an error rather than how the invocation ended",
    [report({ status: "error", errorType: "Error" }), line({ errorType: "Late", errorMessage: "no time" })],
    ["Late: no time"],
  ],
  ["nothing where there is none", [line("created"), "{", "", report({ status: "success" })], []],
])("tells %s", (_what, lines, causes) => {
  expect(causesIn(lines)).toEqual(causes);
});
