// Which uploads must have their way in the end, whatever rule the functions follow: of one key the one that S3 holds, and
// of the keys of a profile the one that was accepted last.

import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import type { Pipeline } from "../pipeline";
import type { Accepted } from "./accepted";
import type { PlannedUpload } from "./plan";

/** What S3 holds under each key that was uploaded to, or held before the pipeline removed it. */
export type Held = ReadonlyMap<string, PlannedUpload>;

/** Asks S3 for the newest version of each key: with the setting `originals: "current"` it may be no longer the current one. */
export async function readHeld(
  { s3, names }: Pipeline,
  accepted: readonly Accepted[],
  eTags: ReadonlyMap<PlannedUpload, readonly string[]>,
): Promise<Held> {
  const byETag = new Map([...eTags].flatMap(([upload, each]) => each.map((eTag) => [`"${eTag}"`, upload])));
  const held = new Map<string, PlannedUpload>();
  for (const key of new Set(accepted.map(({ upload }) => upload.key))) {
    // Versions come key by key, the shortest key first, and of each the newest first.
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: names.bucket, Prefix: key }));
    const upload = byETag.get(Versions.find(({ Key }) => Key === key)?.ETag ?? "");
    if (upload !== undefined) held.set(key, upload);
  }
  return held;
}

export interface Newest {
  /** The upload under another key that came after this one; undefined when this is its profile's newest. */
  successorOf(upload: PlannedUpload): PlannedUpload | undefined;
  /** Uploads of the same profile of which nobody can say whether they came before or after this one. */
  rivalsOf(upload: PlannedUpload): readonly PlannedUpload[];
}

/**
 * Orders the uploads of each profile. Between keys there are only the events' times, and a photo is at least as late as
 * any that S3 ordered before it under its key: where those contradict one another the uploads overlapped, and either may
 * be called the last. An upload whose key somebody else's photo has taken may or may not have had its turn before.
 */
export function orderUploads(accepted: readonly Accepted[], held: Held): Newest {
  const lastTimes = new Map<string, string>();
  const place = ({ profileId, key }: PlannedUpload) => `${profileId} ${key}`;
  for (const { upload, time } of accepted) {
    if (time > (lastTimes.get(place(upload)) ?? "")) lastTimes.set(place(upload), time);
  }
  const counts = ({ upload }: Accepted) => {
    const holder = held.get(upload.key);
    return holder === upload || holder?.profileId !== upload.profileId;
  };
  const counting = accepted.filter(counts);
  const othersOf = ({ profileId, key }: PlannedUpload) =>
    counting.filter(({ upload }) => upload.profileId === profileId && upload.key !== key);

  const successorOf = (upload: PlannedUpload) =>
    othersOf(upload).find(({ time }) => time > (lastTimes.get(place(upload)) ?? ""))?.upload;
  return {
    successorOf,
    rivalsOf: (upload) =>
      othersOf(upload)
        .map((other) => other.upload)
        .filter((other) => held.get(other.key) === other && successorOf(other) === undefined),
  };
}
