// Erases people: every version of their photos and thumbnails, their failure records, and their profiles or what these
// say of a photo. It begins with what would bring something back, and looks again until nothing is left, since photos and
// functions may be under way. Whenever it ends, it can be repeated.

import { DeleteItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { THUMBNAIL_PREFIX } from "../../functions/lib/keys";
import { THUMBNAIL_ATTRIBUTE } from "../../functions/lib/profile-thumbnail";
import { hasStatus } from "../../functions/lib/s3-status";
import type { Deployment } from "../deployment";
import { inParallel } from "../in-parallel";
import { type FindOptions, type Found, findPeople } from "./find";
import { deliveredKeys, type Invalidated, invalidateThumbnails } from "./invalidate";
import type { Removal } from "./key-removal";
import type { Item } from "./owner";
import { removePart } from "./record-parts";
import { abortUpload, type UnfinishedUpload, unfinishedUploads } from "./unfinished-uploads";

/** What is found of people, with what none but who erases them asks for. */
export interface Erasable extends Found {
  readonly uploads: readonly UnfinishedUpload[];
}

/** Looks for all that is to be erased: once, for however many people. */
export async function findErasable(
  deployment: Deployment,
  ids: readonly string[],
  options: FindOptions,
): Promise<Erasable> {
  const found = await findPeople(deployment, ids, options);
  return { ...found, uploads: await unfinishedUploads(deployment, found.ownerOfKey, options.stop) };
}

export interface EraseOptions extends FindOptions {
  /** Whether the profiles go too, and not only what they say of a photo. */
  readonly withProfiles: boolean;
  /** Told of each thing that has gone. */
  onErased(what: Erased): void;
  /** Told that CloudFront has no copy any more. */
  onInvalidated(what: Invalidated): void;
}

export interface Erased {
  readonly kind: "version" | "record" | "profile" | "upload";
  readonly owner: string;
  readonly key: string;
}

const CONCURRENCY = 10;

/** Looks after which it is said that photos keep arriving. */
const MOST_LOOKS = 5;

/**
 * Erases what was found, and what is found then.
 * @returns whether nothing was left at the last look; when not, photos of these people keep arriving
 */
export async function erase(deployment: Deployment, first: Erasable, options: EraseOptions): Promise<boolean> {
  let found = first;
  for (let look = 1; !isNothing(found, options.withProfiles); look += 1) {
    if (look > MOST_LOOKS) return false;
    await eraseFound(deployment, found, options);
    const ids = [...found.items.keys()];
    found = await findErasable(deployment, ids, { ...options, before: found.keys });
  }
  return true;
}

/** Whether there is nothing to erase. */
export const isNothing = ({ items, versions, records, uploads }: Erasable, withProfiles: boolean): boolean =>
  [versions, records, uploads].every(({ length }) => length === 0) &&
  [...items.values()].every((item) => !isToErase(item, withProfiles));

const IMAGE = ["image", "imageETag", THUMBNAIL_ATTRIBUTE];

/** Whether a profile has anything to erase. */
export const isToErase = (item: Item, withProfiles: boolean): boolean =>
  item !== undefined && (withProfiles || IMAGE.some((name) => item[name] !== undefined));

async function eraseFound(deployment: Deployment, found: Erasable, options: EraseOptions): Promise<void> {
  const { stop, withProfiles, onErased, onInvalidated } = options;
  async function remove(versions: readonly Removal[]): Promise<void> {
    await inParallel(versions, CONCURRENCY, async (version) => {
      stop.throwIfAborted();
      const { key, owner } = version;
      if (await removeVersion(deployment, version)) onErased({ kind: "version", owner, key });
    });
  }
  for (const upload of found.uploads) {
    stop.throwIfAborted();
    const { key, owner } = upload;
    if (await abortUpload(deployment, upload)) onErased({ kind: "upload", owner, key });
  }
  // What says nothing of itself is theirs by their item alone: the item must be there for as long as that is.
  const isNameless = ({ profileId, eTag }: Removal) => profileId === undefined && eTag !== undefined;
  await remove(found.versions.filter(isNameless));
  for (const [id, item] of found.items) {
    stop.throwIfAborted();
    if (!isToErase(item, withProfiles)) continue;
    await (withProfiles ? deleteProfile(deployment, id) : forgetImage(deployment, id));
    onErased({ kind: "profile", owner: id, key: deployment.table });
  }
  // Before the photos, whose metadata say whose the uploads in them are.
  for (const part of found.records) {
    stop.throwIfAborted();
    const removal = await removePart(deployment, part);
    const owner = part.owners.find((each) => each !== undefined) ?? "";
    if (removal === "removed") onErased({ kind: "record", owner, key: part.record.failureKey });
  }
  const others = found.versions.filter((version) => !isNameless(version));
  await remove(others.filter(isThumbnail));
  // Before the photos: a run that ends here leaves them, and so its repetition knows what to invalidate.
  const keys = deliveredKeys(deployment, found.versions);
  if (keys.length > 0) for (const each of await invalidateThumbnails(deployment, keys, stop)) onInvalidated(each);
  await remove(others.filter((version) => !isThumbnail(version)));
}

const isThumbnail = ({ key }: Removal): boolean => key.startsWith(THUMBNAIL_PREFIX);

const deleteProfile = ({ dynamodb, table, profileIds }: Deployment, id: string) =>
  dynamodb.send(new DeleteItemCommand({ TableName: table, Key: profileIds.keyOf(id) }));

/** Its version stays, so that no event of before brings the photo back. */
async function forgetImage({ dynamodb, table, profileIds }: Deployment, id: string): Promise<void> {
  const command = new UpdateItemCommand({
    TableName: table,
    Key: profileIds.keyOf(id),
    UpdateExpression: `REMOVE ${IMAGE.join(", ")}`,
    ConditionExpression: "attribute_exists(id)",
  });
  await dynamodb.send(command).catch((error: Error) => {
    // Somebody has deleted it meanwhile.
    if (error.name !== "ConditionalCheckFailedException") throw error;
  });
}

/** @returns whether it was there, and is not any more */
async function removeVersion({ s3, bucket }: Deployment, version: Removal): Promise<boolean> {
  const { key, versionId, eTag, isLatest, needsMarker } = version;
  const of = { Bucket: bucket, Key: key };
  // Without versions another upload may have taken the place of this one: the condition tells.
  const isOnly = versionId === "null" && isLatest && eTag !== undefined;
  try {
    if (needsMarker || isOnly) await s3.send(new DeleteObjectCommand({ ...of, IfMatch: eTag }));
    if (!isOnly) await s3.send(new DeleteObjectCommand({ ...of, VersionId: versionId }));
    return true;
  } catch (error) {
    // Not as it was: the next look tells what it is.
    if (hasStatus(error, 404, 412)) return false;
    throw error;
  }
}
