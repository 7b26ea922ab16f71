// CreateThumbnail: the table's stream calls it with changes of profiles, and it stores a thumbnail of each new photo and
// removes those of photos that profiles no longer have.
//
// A batch is worked on concurrently, but in order for each profile, so that the last photo wins. A record that may
// succeed later is reported, and Lambda sends it again; one that never will is kept as a failure record at once, and
// holds up nobody.

import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { createByteBudget } from "./lib/byte-budget";
import { CLIENT_CONFIGURATION } from "./lib/client-configuration";
import { withDeadline } from "./lib/deadline";
import { requiredEnvironment, requiredOneOf, requiredPositiveInteger } from "./lib/environment";
import { createFailureKeeper, PermanentFailure } from "./lib/failure-record";
import { createImagesBucket, MAX_PHOTO_BYTES } from "./lib/images-bucket";
import { inLanes } from "./lib/in-lanes";
import { type Note, skipped } from "./lib/outcome";
import { foreignFormat, refusalOfFormat } from "./lib/photo-format";
import {
  changedImage,
  changeFailureId,
  imageFailure,
  type Leftover,
  leftoversIn,
  type ProfileImage,
  profileIdOf,
  supersededIn,
} from "./lib/profile-image";
import { RESIZE_METHODS, type Size } from "./lib/size";
import { RESERVE_MS } from "./lib/time-limits";
import { createResize, KeyRefused, type Resize, UnusablePhoto } from "./lib/tinypng";
import { createTinypngKey, KeyUnreadable } from "./lib/tinypng-key";

export interface Dependencies {
  readonly s3: Pick<S3Client, "send">;
  readonly resize: Resize;
  /** What `resize` makes. */
  readonly size: Size;
  readonly bucket: string;
  readonly failuresBucket: string;
  /** What photos may take of the function's memory together. */
  readonly photoMemoryBytes: number;
  /** Leaves thumbnails alone whose photo the profile no longer has. */
  readonly keepPreviousThumbnails: boolean;
}

/** Profiles worked on at a time. */
const CONCURRENCY = 5;

/** Five of the largest, which leaves 192 of 512 MB to work in. */
const PHOTO_MEMORY_BYTES = 5 * MAX_PHOTO_BYTES;

const THERE = skipped("the thumbnail is there");

/** Makes the handler; it reports the sequence numbers of the records to be sent again. */
export function createHandler(dependencies: Dependencies) {
  const { s3, resize, size, bucket, failuresBucket, photoMemoryBytes, keepPreviousThumbnails } = dependencies;
  const images = createImagesBucket(s3, bucket, size);
  const keepFailure = createFailureKeeper(s3, failuresBucket, "CreateThumbnail");
  // One for all invocations: one that ran out of time may leave photos to the next that are not let go of yet.
  const photoMemory = createByteBudget(photoMemoryBytes);

  /** Says what was done; throws a PermanentFailure where trying again cannot help. */
  async function createThumbnail(image: ProfileImage, signal: AbortSignal): Promise<Note> {
    const found = await images.findThumbnail(image, signal);
    if (await found.isMadeOf(image.eTag)) return THERE;
    const photo = await images.openPhoto(image, signal);
    if (photo === undefined) return skipped("another profile's photo has replaced it since");
    if (await found.isMadeOf(photo.eTag)) {
      photo.discard();
      return THERE;
    }
    const thumbnail = await photoMemory.hold(photo.size, signal, async () => {
      const bytes = await photo.read();
      return resize(bytes, signal).catch((error: unknown) => {
        if (!(error instanceof UnusablePhoto)) throw error;
        const format = foreignFormat(bytes);
        if (format === undefined) throw imageFailure("UnusablePhoto", `${image.key}: ${error.message}`, image);
        throw imageFailure("UnsupportedFormat", `${image.key} ${refusalOfFormat(format)}`, image);
      });
    });
    await images.storeThumbnail(image, photo.eTag, thumbnail, found, signal);
    return { message: "created", outcome: "done" };
  }

  const inTime = <T>(what: string, context: Context, work: (signal: AbortSignal) => Promise<T>) =>
    withDeadline(what, context.getRemainingTimeInMillis() - RESERVE_MS, work);

  async function bringThumbnail(record: DynamoDBRecord, context: Context): Promise<void> {
    const profileId = profileIdOf(record);
    let key: string | undefined;
    try {
      const image = changedImage(record);
      if (typeof image === "string") return console.info({ message: image, profileId });
      key = image.key;
      const note = await inTime(key, context, (signal) => createThumbnail(image, signal));
      console.info({ ...note, profileId, key });
    } catch (reason) {
      if (!(reason instanceof PermanentFailure)) throw reason;
      await keepFailure({ reason, ...changeFailureId(record), record, key });
    }
  }

  async function removeLeftover(leftover: Leftover, context: Context): Promise<void> {
    const { profileId, thumbnailKey } = leftover;
    const removed = await inTime(thumbnailKey, context, (signal) => images.removeThumbnail(leftover, signal));
    if (removed) console.info({ message: "removed", profileId, thumbnailKey });
  }

  return async ({ Records }: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> => {
    const superseded = supersededIn(Records);
    const leftovers = keepPreviousThumbnails ? new Map<DynamoDBRecord, Leftover>() : leftoversIn(Records);

    async function handleRecord(record: DynamoDBRecord): Promise<void> {
      const work: Promise<void>[] = [];
      if (!superseded.has(record)) work.push(bringThumbnail(record, context));
      else console.info(skipped("a newer photo is in the same batch", profileIdOf(record)));
      const leftover = leftovers.get(record);
      if (leftover !== undefined) work.push(removeLeftover(leftover, context));
      // Each is done whatever becomes of the other; the first to be told is what went wrong with the new thumbnail.
      for (const outcome of await Promise.allSettled(work)) if (outcome.status === "rejected") throw outcome.reason;
    }

    const failed = await inLanes(Records, profileIdOf, CONCURRENCY, handleRecord);
    for (const { item, error } of failed) {
      console.error({ message: "will be tried again", profileId: profileIdOf(item), error });
    }
    // Trying again does not mend a key: the whole invocation fails, where alarms see it.
    const withoutKey = failed.find(({ error }) => error instanceof KeyRefused || error instanceof KeyUnreadable);
    if (withoutKey !== undefined) throw withoutKey.error;
    return { batchItemFailures: failed.map(({ item }) => ({ itemIdentifier: item.dynamodb?.SequenceNumber ?? "" })) };
  };
}

const size: Size = {
  method: requiredOneOf("THUMBNAIL_METHOD", RESIZE_METHODS),
  width: requiredPositiveInteger("THUMBNAIL_WIDTH"),
  height: requiredPositiveInteger("THUMBNAIL_HEIGHT"),
};

const tinypngKey = createTinypngKey(new SSMClient(CLIENT_CONFIGURATION), requiredEnvironment("TINYPNG_KEY_PARAMETER"));

export const handler = createHandler({
  s3: new S3Client(CLIENT_CONFIGURATION),
  resize: createResize(tinypngKey, size),
  size,
  bucket: requiredEnvironment("BUCKET_NAME"),
  failuresBucket: requiredEnvironment("FAILURES_BUCKET"),
  photoMemoryBytes: PHOTO_MEMORY_BYTES,
  keepPreviousThumbnails: requiredOneOf("KEEP_PREVIOUS_THUMBNAILS", ["true", "false"]) === "true",
});
