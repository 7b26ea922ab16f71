// Discards failure records: what nobody can fix, or wants to. The event in a record is lost with it; the photo that it is
// about stays where it is.

import type { Deployment } from "./deployment";
import type { ListedRecord } from "./failure-records";
import { inParallel } from "./in-parallel";
import { refusalOf } from "./refusal";
import { removeRecord } from "./remove-record";

/** What became of one record; `gone` when it was not there any more. */
export interface Discarded {
  readonly record: string;
  readonly state: "discarded" | "gone" | "kept";
  readonly why?: string;
}

const CONCURRENCY = 10;

/** Discards a record as it was read or listed; what is refused about it alone is its outcome. */
export async function discardRecord(
  deployment: Pick<Deployment, "s3" | "failuresBucket">,
  listed: ListedRecord,
): Promise<Discarded> {
  const record = listed.failureKey;
  try {
    const removal = await removeRecord(deployment, listed);
    if (removal === "changed") return { record, state: "kept", why: "it was rewritten meanwhile" };
    return { record, state: removal === "gone" ? "gone" : "discarded" };
  } catch (error) {
    const why = refusalOf(error);
    if (why === undefined) throw error;
    return { record, state: "kept", why };
  }
}

/**
 * Discards records, several at a time.
 * @param onDone is told what became of each, as soon as that is known
 * @param stop when it is aborted, no further record is begun
 */
export const discardRecords = <T extends ListedRecord>(
  deployment: Pick<Deployment, "s3" | "failuresBucket">,
  records: readonly T[],
  onDone: (record: T, result: Discarded) => void,
  stop?: AbortSignal,
): Promise<void> =>
  inParallel(records, CONCURRENCY, async (record) => {
    if (!stop?.aborted) onDone(record, await discardRecord(deployment, record));
  });
