// Removes a failure record, but only as it was read or listed: one that was rewritten meanwhile is about something else.

import { DeleteObjectCommand, NoSuchKey } from "@aws-sdk/client-s3";
import { hasStatus } from "../functions/lib/s3-status";
import type { Deployment } from "./deployment";
import type { FailureRecord } from "./failure-records";

/** `gone` when somebody else was faster, `changed` when another record is under its key now. */
export type Removal = "removed" | "gone" | "changed";

export async function removeRecord(
  { s3, failuresBucket }: Pick<Deployment, "s3" | "failuresBucket">,
  { failureKey, eTag }: Pick<FailureRecord, "failureKey" | "eTag">,
): Promise<Removal> {
  try {
    await s3.send(new DeleteObjectCommand({ Bucket: failuresBucket, Key: failureKey, IfMatch: eTag }));
    return "removed";
  } catch (error) {
    if (error instanceof NoSuchKey) return "gone";
    if (hasStatus(error, 412)) return "changed";
    throw error;
  }
}
