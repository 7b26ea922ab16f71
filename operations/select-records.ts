// The failure records that a user has named, or all of them.

import { UserError } from "../stack/user-error";
import type { Deployment } from "./deployment";
import { type FailureRecord, readFailureRecords } from "./failure-records";

/**
 * Reads records in the order in which they failed; a key that names none is the user's mistake.
 * @param keys none for all
 * @param onRead is told how many have been read
 */
export async function selectRecords(
  { s3, failuresBucket }: Pick<Deployment, "s3" | "failuresBucket">,
  keys: readonly string[],
  onRead: (count: number) => void = () => {},
): Promise<FailureRecord[]> {
  const records: FailureRecord[] = [];
  async function add(key?: string): Promise<void> {
    for await (const record of readFailureRecords(s3, failuresBucket, key)) onRead(records.push(record));
  }
  if (keys.length === 0) await add();
  for (const key of new Set(keys)) {
    const before = records.length;
    if (key !== "") await add(key);
    if (records.length === before) {
      throw new UserError(`there is no failure record "${key}" in ${failuresBucket} (any more)`);
    }
  }
  return records.sort((one, other) => (one.when < other.when ? -1 : 1));
}
