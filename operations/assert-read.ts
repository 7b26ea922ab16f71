// Whoever removes people's data by what the failure records say must have read all of them.

import { UserError } from "../stack/user-error";
import type { FailureRecord } from "./failure-records";

/** Throws a UserError for a record that S3 did not give us: nobody can say what it is about. */
export function assertRead({ failureKey, when, reason }: FailureRecord): void {
  // What has been read has a time, whatever is in it.
  if (when === "")
    throw new UserError(`nobody can say what the failure record "${failureKey}" is about: ${reason.message}`);
}
