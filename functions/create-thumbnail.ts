// CreateThumbnail: the table's stream calls it with changes of profiles. It stores a thumbnail of each new photo, has the
// profile name it, and removes what a profile no longer names: in this order, and the last step with the record of the
// second, so that whenever it ends, nothing that is shown is missing, and no thumbnail stays that no profile names.
//
// A batch is worked on concurrently, but in order for each profile, so that the last photo wins. A record that may
// succeed later is reported, and Lambda sends it again; one that never will becomes a failure record at once, and
// delays no other.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { createByteBudget } from "./lib/byte-budget";
import { CLIENT_CONFIGURATION } from "./lib/client-configuration";
import { withDeadline } from "./lib/deadline";
import { requiredEnvironment, requiredOneOf, requiredPositiveInteger } from "./lib/environment";
import { createEventSender, type SendEvent } from "./lib/event-sender";
import { createFailureKeeper, PermanentFailure } from "./lib/failure-record";
import { createFirstDeliveries } from "./lib/first-delivery";
import {
  createImagesBucket,
  type StoredThumbnail,
  THUMBNAIL_ENCRYPTIONS,
  type ThumbnailEncryption,
} from "./lib/images-bucket";
import { inLanes } from "./lib/in-lanes";
import { createThumbnailMaker, type Made } from "./lib/make-thumbnail";
import { type Note, skipped } from "./lib/outcome";
import { createOriginalsRemoval } from "./lib/previous-originals";
import { PROFILE_ID_TYPES, type ProfileIds, profileIds } from "./lib/profile-id";
import {
  changedImage,
  changeFailureId,
  type Leftover,
  type LostImage,
  leftoverOf,
  lostImage,
  type ProfileImage,
  profileIdOf,
  supersededIn,
} from "./lib/profile-image";
import { createProfiles } from "./lib/profiles";
import { createReadyEvents } from "./lib/ready-events";
import { replayableChange } from "./lib/replayable";
import { ConfigurationFault, type Resize } from "./lib/resize";
import { createResizer, PHOTO_MEMORY_BYTES } from "./lib/resizer";
import { RESIZE_METHODS } from "./lib/size";
import { sizesIn, THUMBNAILS, type ThumbnailSizes } from "./lib/thumbnail-sizes";
import { RESERVE_MS } from "./lib/time-limits";

export interface Dependencies {
  readonly s3: Pick<S3Client, "send">;
  readonly dynamodb: Pick<DynamoDBClient, "send">;
  readonly resize: Resize;
  /** Of the thumbnails of each photo. */
  readonly sizes: ThumbnailSizes;
  readonly bucket: string;
  readonly tableName: string;
  readonly profileIds: ProfileIds;
  readonly failuresBucket: string;
  /** What photos may take of the function's memory together. */
  readonly photoMemoryBytes: number;
  /** Leaves thumbnails alone that the profile no longer names. */
  readonly keepPreviousThumbnails: boolean;
  readonly thumbnailEncryption: ThumbnailEncryption;
  /** Whether photos lose the place where they were taken. */
  readonly stripsOriginals?: boolean;
  /** Removes photos that their profile no longer has. */
  readonly removesPreviousOriginals?: boolean;
  /** Sends an event for each thumbnail that a profile names; without the setting `events` nothing is sent. */
  readonly sendEvent?: SendEvent;
}

/** Profiles worked on at a time. */
const CONCURRENCY = 5;

/** The first, and each by its name. */
function profileThumbnailOf(thumbnails: readonly StoredThumbnail[], sizes: ThumbnailSizes) {
  const pictures = sizes.flatMap(({ name }, index) => {
    const { imageETag: _imageETag, ...picture } = thumbnails[index] as StoredThumbnail;
    return name === undefined ? [] : [[name, picture] as const];
  });
  const [first] = thumbnails as readonly [StoredThumbnail];
  return { ...first, ...(pictures.length > 0 && { sizes: Object.fromEntries(pictures) }) };
}

const REPLACED = skipped("another photo has replaced it since");

/** Makes the handler; it reports the sequence numbers of the records to be sent again. */
export function createHandler(dependencies: Dependencies) {
  const { s3, dynamodb, resize, sizes, bucket, tableName, failuresBucket } = dependencies;
  const { profileIds, photoMemoryBytes, keepPreviousThumbnails, thumbnailEncryption } = dependencies;
  const images = createImagesBucket(s3, bucket, thumbnailEncryption, dependencies.stripsOriginals ?? false);
  const profiles = createProfiles(dynamodb, tableName, profileIds, sizes);
  const keepFailure = createFailureKeeper(s3, failuresBucket, "CreateThumbnail");
  // One for all invocations: one that ran out of time may leave photos in memory to the next.
  const photoMemory = createByteBudget(photoMemoryBytes);
  const makeThumbnail = createThumbnailMaker({
    images,
    profiles,
    profileIds,
    resize,
    sizes,
    photoMemory,
  });
  const isFirstDelivery = createFirstDeliveries();
  const removeOriginals = dependencies.removesPreviousOriginals ? createOriginalsRemoval(images, profiles) : undefined;
  // No variable of Lambda's, but a constant of the bundle: without the setting nothing of events is in the zip.
  const events =
    process.env.PHOTO_EVENTS === "on" && dependencies.sendEvent && createReadyEvents(profiles, dependencies.sendEvent);

  /** Says what was done; throws a PermanentFailure where trying again cannot help. */
  async function createThumbnail(image: ProfileImage, isFirst: boolean, signal: AbortSignal): Promise<Note> {
    let made: Made | undefined;
    try {
      made = await makeThumbnail(image, isFirst, signal);
    } catch (error) {
      if (!(await wasRemoved(image, error, signal))) throw error;
      if (!keepPreviousThumbnails) await removeUnneeded(image, signal);
      return REPLACED;
    }
    if (made === undefined) return skipped("another profile's photo has replaced it since");
    const thumbnail = { ...profileThumbnailOf(made.thumbnails, sizes), imageVersion: image.version };
    const profile = await profiles.nameThumbnail(image, thumbnail, signal);
    if (profile === true) {
      if (events) await events.ready(image, thumbnail, signal);
      return made.wasThere ? skipped("the thumbnail is there") : { message: "created", outcome: "done" };
    }
    if (events) await events.ifShown(image, profile, signal);
    // Under the same key comes a newer photo, whose record finds this thumbnail and replaces it.
    if (profile?.image?.S !== image.key && !keepPreviousThumbnails) await removeUnneeded(image, signal);
    return REPLACED;
  }

  /** Whether a photo is missing because we have removed it, after its profile got another: its record has come again. */
  async function wasRemoved({ profileId, key }: ProfileImage, error: unknown, signal: AbortSignal): Promise<boolean> {
    const isMissing = error instanceof PermanentFailure && error.code === "PhotoGone";
    if (!isMissing || removeOriginals === undefined) return false;
    return (await profiles.read(profileId, signal))?.image?.S !== key;
  }

  /**
   * @returns the keys of what has gone
   * @param failed the photo that has just failed, if that is why
   * @throws Error when the profile came to need it while it was being removed: the next try makes it again
   */
  async function removeUnneeded(
    { profileId, thumbnailKeys }: Leftover,
    signal: AbortSignal,
    failed?: ProfileImage,
  ): Promise<string[]> {
    const gone: string[] = [];
    for (const key of thumbnailKeys) {
      const isNeeded = () => profiles.needs(profileId, key, signal, failed);
      if (!(await images.removeThumbnail({ profileId, key }, isNeeded, signal))) continue;
      if (await isNeeded()) throw new Error(`${key} was removed just when it came to be needed`);
      gone.push(key);
    }
    return gone;
  }

  const inTime = <T>(what: string, context: Context, work: (signal: AbortSignal) => Promise<T>) =>
    withDeadline(what, context.getRemainingTimeInMillis() - RESERVE_MS, work);

  async function bringThumbnail(record: DynamoDBRecord, context: Context): Promise<void> {
    const profileId = profileIdOf(record);
    let image: ProfileImage | undefined;
    try {
      const changed = changedImage(record, sizes);
      if (typeof changed === "string") return console.info({ message: changed, profileId });
      image = changed;
      const isFirst = isFirstDelivery(record);
      const note = await inTime(changed.key, context, (signal) => createThumbnail(changed, isFirst, signal));
      console.info({ ...note, profileId, key: changed.key });
    } catch (reason) {
      if (!(reason instanceof PermanentFailure)) throw reason;
      await keepFailure({ reason, ...changeFailureId(record), record: replayableChange(record), key: image?.key });
      // A thumbnail of an earlier photo under its key was left for it to replace.
      if (image !== undefined && !keepPreviousThumbnails) await removeLeftover(image, context, image);
    }
  }

  async function passOver(record: DynamoDBRecord, context: Context): Promise<void> {
    const profileId = profileIdOf(record);
    if (events) await inTime(`Profile ${profileId}`, context, (signal) => events.ifStillShown(record, signal));
    console.info(skipped("a newer photo is in the same batch", profileId));
  }

  /** What it names goes with the record of this very change. */
  const nameNone = ({ profileId, image }: LostImage, context: Context): Promise<void> =>
    inTime(`Profile ${profileId}`, context, (signal) => profiles.nameNone(profileId, image, signal));

  async function removeLeftover(leftover: Leftover, context: Context, failed?: ProfileImage): Promise<void> {
    const { profileId, thumbnailKeys } = leftover;
    const [first = ""] = thumbnailKeys;
    const gone = await inTime(first, context, (signal) => removeUnneeded(leftover, signal, failed));
    for (const thumbnailKey of gone) console.info({ message: "removed", profileId, thumbnailKey });
  }

  return async ({ Records }: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> => {
    const superseded = supersededIn(Records);

    /** In this order: nothing is removed before there is something else to show. */
    async function handleRecord(record: DynamoDBRecord): Promise<void> {
      if (!superseded.has(record)) await bringThumbnail(record, context);
      else await passOver(record, context);
      const lost = lostImage(record);
      if (lost !== undefined) await nameNone(lost, context);
      const leftover = keepPreviousThumbnails ? undefined : leftoverOf(record, sizes);
      if (leftover !== undefined) await removeLeftover(leftover, context);
      if (removeOriginals === undefined) return;
      const profileId = profileIdOf(record);
      const removed = await inTime(`Profile ${profileId}`, context, (signal) => removeOriginals(record, signal));
      for (const key of removed) console.info({ message: "the previous photo was removed", profileId, key });
    }

    const failed = await inLanes(Records, profileIdOf, CONCURRENCY, handleRecord);
    for (const { item, error } of failed) {
      console.error({ message: "will be tried again", profileId: profileIdOf(item), error });
    }
    // Trying again does not help: the whole invocation fails, where alarms see it.
    const misconfigured = failed.find(({ error }) => error instanceof ConfigurationFault);
    if (misconfigured !== undefined) throw misconfigured.error;
    return { batchItemFailures: failed.map(({ item }) => ({ itemIdentifier: item.dynamodb?.SequenceNumber ?? "" })) };
  };
}

const sizes = sizesIn(process.env[THUMBNAILS], () => ({
  method: requiredOneOf("THUMBNAIL_METHOD", RESIZE_METHODS),
  width: requiredPositiveInteger("THUMBNAIL_WIDTH"),
  height: requiredPositiveInteger("THUMBNAIL_HEIGHT"),
}));

export const handler = createHandler({
  s3: new S3Client(CLIENT_CONFIGURATION),
  dynamodb: new DynamoDBClient(CLIENT_CONFIGURATION),
  resize: createResizer(),
  sizes,
  bucket: requiredEnvironment("BUCKET_NAME"),
  tableName: requiredEnvironment("TABLE_NAME"),
  profileIds: profileIds(requiredOneOf("PROFILE_ID_TYPE", PROFILE_ID_TYPES)),
  failuresBucket: requiredEnvironment("FAILURES_BUCKET"),
  photoMemoryBytes: PHOTO_MEMORY_BYTES,
  keepPreviousThumbnails: requiredOneOf("KEEP_PREVIOUS_THUMBNAILS", ["true", "false"]) === "true",
  thumbnailEncryption: requiredOneOf("THUMBNAIL_ENCRYPTION", THUMBNAIL_ENCRYPTIONS),
  // Without the setting there is no right to do so either.
  removesPreviousOriginals: process.env.ORIGINALS === "current",
  stripsOriginals: process.env.STRIP_ORIGINALS === "true",
  ...(process.env.PHOTO_EVENTS === "on"
    ? {
        sendEvent: createEventSender(
          new EventBridgeClient(CLIENT_CONFIGURATION),
          requiredEnvironment("IMAGES_BUCKET_ARN"),
        ),
      }
    : {}),
});
