// Watches which events are sent during a run, where the stack sends some: at least one for each thumbnail that its profile
// shows, and for each photo that a failure record holds.

import { paginateScan } from "@aws-sdk/client-dynamodb";
import { idIn } from "../functions/lib/profile-id";
import { thumbnailIn } from "../functions/lib/profile-thumbnail";
import type { BusEvent } from "../local/events/types";
import { type FailureRecord, readFailureRecords } from "../operations/failure-records";
import type { Pipeline } from "../pipeline";
import { eTagOf } from "./kept";

export interface SentEvents {
  /** How many events came. */
  count(): { readonly ready: number; readonly failed: number };
  /** In words the events that were not sent, nor will be by a failure record's redrive; asked when the pipeline is idle. */
  missing(): Promise<string[]>;
}

interface Detail {
  readonly profileId?: string;
  readonly photo: { readonly version?: string };
  readonly failure?: { readonly record: string };
}

/** Begins to watch; undefined where the stack sends no events. */
export function watchEvents({ aws, s3, dynamodb, names }: Pipeline): SentEvents | undefined {
  const { report_failure_function: reporter } = aws.outputs;
  if (reporter === undefined) return undefined;
  const ready: string[] = [];
  const failed: string[] = [];
  aws.activity.subscribe(({ service, action, detail = {} }) => {
    if (service !== "events" || action !== "Event") return;
    const { profileId, photo, failure } = (detail.event as BusEvent).detail as unknown as Detail;
    if (failure === undefined) ready.push(`${profileId} ${photo.version}`);
    else failed.push(failure.record);
  });

  async function records(): Promise<FailureRecord[]> {
    const all: FailureRecord[] = [];
    for await (const record of readFailureRecords(s3, names.failuresBucket)) all.push(record);
    return all;
  }

  /** The failure records whose events the reporter could not send. */
  const heldBack = (all: readonly FailureRecord[]) =>
    new Set(all.flatMap(({ functionName, events }) => (functionName === reporter ? events.map(({ key }) => key) : [])));

  return {
    count: () => ({ ready: ready.length, failed: failed.length }),

    async missing() {
      const all = await records();
      const held = heldBack(all);
      const sent = new Set([...failed, ...held]);
      const missing = all
        .filter(({ functionName, events }) => functionName !== reporter && events.some(({ record }) => eTagOf(record)))
        .filter(({ failureKey }) => !sent.has(failureKey))
        .map(({ failureKey }) => `Photo failed, of the record ${failureKey}`);
      const waiting = new Set(
        all.flatMap(({ events }) =>
          events.map(({ record }) => ("s3" in record ? undefined : record.dynamodb?.NewImage?.imageVersion?.S)),
        ),
      );
      const isSent = new Set(ready);
      for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: names.table })) {
        for (const item of Items) {
          // Of what it shows, be there a newer photo that failed.
          const version = thumbnailIn(item)?.imageVersion;
          if (version === undefined || waiting.has(version)) continue;
          const id = idIn(item);
          if (!isSent.has(`${id} ${version}`)) missing.push(`Photo ready, of the photo ${version} of profile ${id}`);
        }
      }
      return missing;
    },
  };
}
