// Which of a failure record's events are about the people to be erased. A batch that Lambda gave up may hold other
// people's changes as well, and is written again without theirs.

import { GetObjectCommand, NoSuchKey, PutObjectCommand } from "@aws-sdk/client-s3";
import { hasStatus } from "../../functions/lib/s3-status";
import type { Deployment } from "../deployment";
import type { FailedEvent, FailureRecord } from "../failure-records";
import { type Removal as RecordRemoval, removeRecord } from "../remove-record";

/** A record with events about them. */
export interface RecordPart {
  readonly record: FailureRecord;
  /** Whose, for each of its events; undefined for other people's. */
  readonly owners: readonly (string | undefined)[];
}

/** @param ownerOf of an event; undefined when it is about nobody of them */
export function partOf(
  record: FailureRecord,
  ownerOf: (event: FailedEvent) => string | undefined,
): RecordPart | undefined {
  const owners = record.events.map(ownerOf);
  return owners.some((owner) => owner !== undefined) ? { record, owners } : undefined;
}

/** Removes the record, or what in it is about them; `changed` when it has been rewritten meanwhile, and must be read again. */
export async function removePart(deployment: Deployment, { record, owners }: RecordPart): Promise<RecordRemoval> {
  if (!owners.includes(undefined)) return removeRecord(deployment, record);
  const { s3, failuresBucket: Bucket } = deployment;
  const of = { Bucket, Key: record.failureKey };
  try {
    const { Body } = await s3.send(new GetObjectCommand({ ...of, IfMatch: record.eTag }));
    const text = withoutTheirs((await Body?.transformToString()) ?? "", owners);
    const whole = { ...of, Body: text, ContentType: "application/json", IfMatch: record.eTag };
    await s3.send(new PutObjectCommand(whole));
    return "removed";
  } catch (error) {
    if (error instanceof NoSuchKey) return "gone";
    if (hasStatus(error, 412)) return "changed";
    throw error;
  }
}

interface Event {
  readonly Records: readonly unknown[];
}

/** In whichever of the three forms the events are: see failure-records.ts. */
function withoutTheirs(text: string, owners: readonly (string | undefined)[]): string {
  const content = JSON.parse(text);
  const others = ({ Records, ...rest }: Event) => ({
    ...rest,
    Records: Records.filter((_record, index) => owners[index] === undefined),
  });
  if (content.event !== undefined) return JSON.stringify({ ...content, event: others(content.event) });
  if (content.requestPayload !== undefined) {
    return JSON.stringify({ ...content, requestPayload: others(content.requestPayload) });
  }
  return JSON.stringify({ ...content, payload: JSON.stringify(others(JSON.parse(content.payload))) });
}
