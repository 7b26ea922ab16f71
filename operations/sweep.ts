// Photos and thumbnails that no profile refers to: those of profiles that are not there, and where the settings do not keep
// them, those that their profile has no longer. What may still be on its way, or waits for a redrive, is none of them.

import { paginateScan } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import type { FailureCode } from "../functions/lib/failure-code";
import { ORIGINAL_PREFIX, originalKeyOf, THUMBNAIL_PREFIX, thumbnailKeysOf } from "../functions/lib/keys";
import { PROFILE_ID } from "../functions/lib/metadata";
import { idIn } from "../functions/lib/profile-id";
import { thumbnailIn, thumbnailKeysIn } from "../functions/lib/profile-thumbnail";
import { hasStatus } from "../functions/lib/s3-status";
import { assertRead } from "./assert-read";
import type { Deployment } from "./deployment";
import { type FailedEvent, type FailureRecord, readFailureRecords } from "./failure-records";
import { inParallel } from "./in-parallel";
import { refusalOf } from "./refusal";
import { removeRecord } from "./remove-record";
import { head } from "./thumbnail-state";
import { readProfile } from "./withdraw";

/** An object that nobody refers to. */
export interface Unreferenced {
  readonly key: string;
  /** With quotes. */
  readonly eTag: string;
  readonly at: Date;
  readonly bytes: number;
  /** What its metadata says, where that could be a profile's. */
  readonly profileId: string | undefined;
  readonly why: string;
  /** The failure records of the upload, which can never be replayed without it. */
  readonly records: readonly FailureRecord[];
}

export interface Swept {
  readonly key: string;
  readonly state: "swept" | "kept";
  readonly why?: string;
}

const CONCURRENCY = 10;

/** Why an upload can belong to nobody. */
const HOPELESS: readonly FailureCode[] = ["UnknownProfile", "NoProfileId", "MalformedProfileId", "UnreadableMetadata"];

/** @param before when an object must have been stored to be looked at */
export async function findUnreferenced(
  deployment: Deployment,
  before: Date,
  { stop, onProgress }: { readonly stop: AbortSignal; onProgress(looked: number): void },
): Promise<Unreferenced[]> {
  const { profileIds, keepsOriginals, keepsThumbnails } = deployment;
  const { ids, named } = await readProfiles(deployment, stop);
  const { waiting, hopeless } = await readRecords(deployment, ids, stop);
  const found: Unreferenced[] = [];
  let looked = 0;

  async function look(key: string, at: Date): Promise<void> {
    const object = await head(deployment, key);
    if (object?.ETag === undefined || (object.LastModified ?? at) >= before) return;
    const given = object.Metadata?.[PROFILE_ID];
    const profileId = given !== undefined && profileIds.isId(given) ? given : undefined;
    const isThere = profileId !== undefined && ids.has(profileId);
    const isPhoto = key.startsWith(ORIGINAL_PREFIX);
    if (isThere && (isPhoto ? keepsOriginals : keepsThumbnails)) return;
    const why = isThere
      ? `its profile ${isPhoto ? "has another photo" : "names another thumbnail"}`
      : "there is no such profile";
    found.push({
      ...{ key, eTag: object.ETag, at: object.LastModified ?? at, bytes: object.ContentLength ?? 0, profileId },
      why: profileId === undefined ? "it does not say whose it is" : why,
      records: hopeless.get(key) ?? [],
    });
  }

  for (const Prefix of [ORIGINAL_PREFIX, THUMBNAIL_PREFIX]) {
    const pages = paginateListObjectsV2({ client: deployment.s3 }, { Bucket: deployment.bucket, Prefix });
    for await (const { Contents = [] } of pages) {
      await inParallel(Contents, CONCURRENCY, async ({ Key = "", LastModified = new Date() }) => {
        stop.throwIfAborted();
        looked += 1;
        onProgress(looked);
        if (LastModified < before && !named.has(Key) && !waiting.has(Key)) await look(Key, LastModified);
      });
    }
  }
  return found;
}

/** The ids of all profiles, and the keys that they refer to. */
async function readProfiles(deployment: Deployment, stop: AbortSignal) {
  const { dynamodb: client, table } = deployment;
  const ids = new Set<string>();
  const named = new Set<string>();
  const input = { TableName: table, ProjectionExpression: "id, image, thumbnail", ConsistentRead: true };
  for await (const { Items = [] } of paginateScan({ client }, input)) {
    stop.throwIfAborted();
    for (const item of Items) {
      ids.add(idIn(item) ?? "");
      for (const key of keysIn(deployment, item)) named.add(key);
    }
  }
  return { ids, named };
}

/** A photo with its thumbnails, which may be being made, and thumbnails with their photo, of which they can be made again. */
function keysIn({ sizes }: Deployment, item: Readonly<Record<string, { readonly S?: string }>>): string[] {
  const image = item.image?.S;
  const thumbnail = thumbnailIn(item)?.key;
  return [
    ...(image === undefined ? [] : [image, ...thumbnailKeysOf(image, sizes)]),
    ...(thumbnail === undefined ? [] : [...thumbnailKeysIn(item), originalKeyOf(thumbnail)]),
  ];
}

/**
 * What waits for a replay, which may bring a photo to its profile; and the records that none can help: their photo can be
 * nobody's, or is of a profile that has been deleted since.
 */
async function readRecords({ s3, failuresBucket, sizes }: Deployment, ids: ReadonlySet<string>, stop: AbortSignal) {
  const waiting = new Set<string>();
  const hopeless = new Map<string, FailureRecord[]>();
  for await (const record of readFailureRecords(s3, failuresBucket)) {
    stop.throwIfAborted();
    assertRead(record);
    const isNobodys = (HOPELESS as readonly string[]).includes(record.reason.code);
    const isHopeless = ({ profileId }: FailedEvent) => isNobodys || (profileId !== undefined && !ids.has(profileId));
    const keys = new Set(record.events.map(({ key = "" }) => key));
    // A record of several photos is left to redrive.
    if (keys.size === 1 && record.events.every(isHopeless)) {
      for (const key of keys) hopeless.set(key, [...(hopeless.get(key) ?? []), record]);
    }
    for (const { key = "" } of record.events.filter((event) => !isHopeless(event))) {
      for (const each of [key, ...thumbnailKeysOf(key, sizes)]) waiting.add(each);
    }
  }
  return { waiting, hopeless };
}

/** Removes objects, each with its records, several at a time; what is refused about one alone is its outcome. */
export const sweep = (
  deployment: Deployment,
  found: readonly Unreferenced[],
  onDone: (swept: Swept) => void,
  stop: AbortSignal,
): Promise<void> =>
  inParallel(found, CONCURRENCY, async (object) => {
    if (!stop.aborted) onDone(await sweepOne(deployment, object).catch((error) => keptBy(object, error)));
  });

function keptBy({ key }: Unreferenced, error: unknown): Swept {
  const why = refusalOf(error);
  if (why === undefined) throw error;
  return { key, state: "kept", why };
}

async function sweepOne(deployment: Deployment, { key, eTag, profileId, records, why }: Unreferenced): Promise<Swept> {
  const profile = profileId === undefined ? undefined : await readProfile(deployment, profileId);
  // Somebody may have made the profile, or given it this photo, since it was looked at.
  const isNew = profile !== undefined && why === "there is no such profile";
  if (isNew || (profile !== undefined && keysIn(deployment, profile).includes(key))) {
    return { key, state: "kept", why: "its profile has come to be, or to need it, meanwhile" };
  }
  try {
    const object = { Bucket: deployment.bucket, Key: key, IfMatch: eTag };
    await deployment.s3.send(new DeleteObjectCommand(object));
  } catch (error) {
    if (hasStatus(error, 404)) return { key, state: "kept", why: "it has gone meanwhile" };
    if (hasStatus(error, 412)) return { key, state: "kept", why: "it was replaced meanwhile" };
    throw error;
  }
  for (const record of records) await removeRecord(deployment, record);
  return { key, state: "swept" };
}
