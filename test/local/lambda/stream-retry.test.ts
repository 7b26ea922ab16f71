import type { StreamRecord } from "../../../local/dynamodb/types";
import { decide, readVerdict, type Work } from "../../../local/lambda/event-source-mapping/retry";

const recordsOf = (...names: string[]) =>
  names.map((SequenceNumber) => ({ dynamodb: { SequenceNumber } }) as unknown as StreamRecord);
const namesOf = ({ records }: Pick<Work, "records">) => records.map(({ dynamodb }) => dynamodb.SequenceNumber).join("");
const batch = recordsOf("a", "b", "c", "d", "e");

describe("the verdict on an invocation", () => {
  const report = (...identifiers: unknown[]) => ({
    batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
  });

  it.each<[string, unknown, object]>([
    ["null", null, { kind: "succeeded" }],
    ["an empty response", {}, { kind: "succeeded" }],
    ["an empty list", report(), { kind: "succeeded" }],
    ["a null list", { batchItemFailures: null }, { kind: "succeeded" }],
    ["one record", report("c"), { kind: "reported", firstFailed: 2 }],
    ["the lowest of several", report("d", "b", "e"), { kind: "reported", firstFailed: 1 }],
    ["the first record", report("a"), { kind: "reported", firstFailed: 0 }],
    ["an unknown identifier", report("b", "z"), { kind: "failed" }],
    ["an empty identifier", report(""), { kind: "failed" }],
    ["a null identifier", report(null), { kind: "failed" }],
    ["a wrong key name", { batchItemFailures: [{ ItemIdentifier: "b" }] }, { kind: "failed" }],
    ["no list", { batchItemFailures: "b" }, { kind: "failed" }],
    ["a null in the list", { batchItemFailures: [null] }, { kind: "failed" }],
    ["text", "done", { kind: "failed" }],
    ["a list", [], { kind: "failed" }],
  ])("that reports %s", (_name, response, verdict) => {
    expect(readVerdict({ payload: JSON.stringify(response) }, batch, true)).toEqual(verdict);
  });

  it("is success for an empty payload and failure for what is not JSON", () => {
    expect(readVerdict({ payload: "" }, batch, true)).toEqual({ kind: "succeeded" });
    expect(readVerdict({ payload: "{" }, batch, true)).toEqual({ kind: "failed" });
  });

  it("ignores the response unless reports are enabled", () => {
    expect(readVerdict({ payload: JSON.stringify(report("c")) }, batch, false)).toEqual({ kind: "succeeded" });
  });

  it("is failure for a function error, whatever the payload says", () => {
    const result = { functionError: "Unhandled" as const, payload: JSON.stringify(report()) };
    expect(readVerdict(result, batch, true)).toEqual({ kind: "failed" });
    expect(readVerdict(result, batch, false)).toEqual({ kind: "failed" });
  });
});

describe("the decision", () => {
  const failed = { kind: "failed" } as const;
  const from = (firstFailed: number) => ({ kind: "reported", firstFailed }) as const;

  it.each([
    { name: "success ends it", verdict: { kind: "succeeded" } as const, again: [], isRetry: false },
    { name: "an error repeats the batch", verdict: failed, again: ["abcde"], isRetry: true },
    { name: "a report repeats from the lowest on", verdict: from(2), again: ["cde"], isRetry: true },
    { name: "an error bisects in halves", bisects: true, verdict: failed, again: ["abc", "de"], isRetry: false },
    { name: "a report bisects where it failed", bisects: true, verdict: from(2), again: ["cde"], isRetry: false },
    { name: "a report of the first repeats", bisects: true, verdict: from(0), again: ["abcde"], isRetry: true },
    { name: "spent retries give it up", retries: 2, verdict: failed, again: [], discarded: "abcde", isRetry: false },
    { name: "or the rest of it", retries: 2, verdict: from(3), again: [], discarded: "de", isRetry: false },
    {
      name: "splitting needs no retry",
      retries: 2,
      bisects: true,
      verdict: failed,
      again: ["abc", "de"],
      isRetry: false,
    },
    { name: "-1 never gives up", retries: 999, most: -1, verdict: failed, again: ["abcde"], isRetry: true },
  ])("$name", ({ verdict, bisects = false, retries = 0, most = 2, again, discarded, isRetry }) => {
    const work = { records: batch, retries, invocations: retries };
    const settings = { bisectBatchOnFunctionError: bisects, maximumRetryAttempts: most };
    const decision = decide(work, verdict, settings);
    expect(decision.again.map(namesOf)).toEqual(again);
    expect(decision.discarded && namesOf(decision.discarded)).toBe(discarded);
    expect(decision.isRetry).toBe(isRetry);
    for (const next of decision.again) {
      expect(next).toMatchObject({ retries: retries + (isRetry ? 1 : 0), invocations: retries + 1 });
    }
  });

  it("never splits a single record", () => {
    const work = { records: recordsOf("a"), retries: 0, invocations: 0 };
    const decision = decide(work, failed, { bisectBatchOnFunctionError: true, maximumRetryAttempts: 0 });
    expect(decision).toMatchObject({ again: [], discarded: { invocations: 1 } });
  });
});
