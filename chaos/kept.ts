// Which photos the failures bucket holds: in the functions' own records, and in those of Lambda's destinations.

import { type EventRecord, readFailureRecords } from "../operations/failure-records";
import type { Pipeline } from "../pipeline";

/** The ETags of all photos that a failure record holds. */
export async function keptPhotos({ s3, names }: Pipeline): Promise<ReadonlySet<string>> {
  const kept = new Set<string>();
  for await (const { events } of readFailureRecords(s3, names.failuresBucket)) {
    const eTags = events.map(({ record }) => eTagOf(record));
    for (const eTag of eTags) if (eTag !== undefined) kept.add(eTag);
  }
  return kept;
}

/** The photo that a record brings; an edit that passes an older photo on does not hold it. */
export function eTagOf(record: EventRecord): string | undefined {
  if ("s3" in record) return record.s3.object.eTag;
  const { NewImage: after, OldImage: before } = record.dynamodb ?? {};
  return after?.imageVersion?.S === before?.imageVersion?.S ? undefined : after?.imageETag?.S;
}
