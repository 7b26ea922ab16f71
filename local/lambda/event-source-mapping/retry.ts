// What happens to a batch after its invocation: which of its records are processed, which are tried again and how, and which
// are discarded. Decisions only: pure functions of the batch, the response and the settings.
// https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html

import type { StreamRecord } from "../../dynamodb/types";
import type { EventSourceMappingInput, InvokeResult } from "../types";

/** Records to deliver together. */
export interface Work {
  readonly records: readonly StreamRecord[];
  /** Retries used so far; splitting a batch uses none. */
  readonly retries: number;
  /** Invocations that had these records. */
  readonly invocations: number;
}

/** How an invocation ended: with every record done, with none, or with those before an index. */
export type Verdict =
  | { readonly kind: "succeeded" }
  | { readonly kind: "failed" }
  | { readonly kind: "reported"; readonly firstFailed: number };

/** What to do next, in this order: deliver `again`, or drop `discarded`. */
export interface Decision {
  readonly again: readonly Work[];
  readonly discarded?: Work;
  /** Whether a retry was used, which comes with a back-off. */
  readonly isRetry: boolean;
}

export type RetrySettings = Pick<EventSourceMappingInput, "bisectBatchOnFunctionError" | "maximumRetryAttempts">;

/** Reads the outcome of an invocation; the response counts only where ReportBatchItemFailures is enabled. */
export function readVerdict(
  result: Pick<InvokeResult, "functionError" | "payload">,
  records: readonly StreamRecord[],
  reportBatchItemFailures: boolean,
): Verdict {
  if (result.functionError !== undefined) return { kind: "failed" };
  if (!reportBatchItemFailures) return { kind: "succeeded" };
  const identifiers = readIdentifiers(result.payload);
  if (identifiers === undefined) return { kind: "failed" };
  if (identifiers.length === 0) return { kind: "succeeded" };
  const failed = identifiers.map((identifier) =>
    records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === identifier),
  );
  // An identifier that is missing, empty or none of the batch's fails the whole batch.
  return failed.includes(-1) ? { kind: "failed" } : { kind: "reported", firstFailed: Math.min(...failed) };
}

/** The identifiers of `{"batchItemFailures":[{"itemIdentifier":…}]}`; undefined for what is no such response. */
function readIdentifiers(payload: string): unknown[] | undefined {
  let response: unknown;
  try {
    response = payload.trim() === "" ? null : JSON.parse(payload);
  } catch {
    return undefined;
  }
  if (response === null || response === "") return [];
  if (typeof response !== "object" || Array.isArray(response)) return undefined;
  const { batchItemFailures: failures = null } = response as { batchItemFailures?: unknown };
  if (failures === null) return [];
  if (!Array.isArray(failures)) return undefined;
  return failures.map((failure: { itemIdentifier?: unknown } | null) => failure?.itemIdentifier);
}

/** Decides what follows an invocation that was reached. */
export function decide(work: Work, verdict: Verdict, settings: RetrySettings): Decision {
  if (verdict.kind === "succeeded") return { again: [], isRetry: false };
  const { bisectBatchOnFunctionError: bisects, maximumRetryAttempts: most } = settings;
  const invocations = work.invocations + 1;
  const firstFailed = verdict.kind === "reported" ? verdict.firstFailed : 0;
  const rest = { records: work.records.slice(firstFailed), retries: work.retries, invocations };

  // A report splits the batch where it failed, an error in halves.
  if (bisects && firstFailed > 0) return { again: [rest], isRetry: false };
  if (bisects && verdict.kind === "failed" && rest.records.length > 1) {
    const middle = Math.ceil(rest.records.length / 2);
    const halves = [rest.records.slice(0, middle), rest.records.slice(middle)];
    return { again: halves.map((records) => ({ ...rest, records })), isRetry: false };
  }
  if (most >= 0 && work.retries >= most) return { again: [], discarded: rest, isRetry: false };
  return { again: [{ ...rest, retries: work.retries + 1 }], isRetry: true };
}
