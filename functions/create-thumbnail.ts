// CreateThumbnail: the table's stream calls it with changes of profiles, and it stores a thumbnail of each new photo.
//
// A batch is worked on concurrently, but in order for each profile, so that the last photo wins. A record that may
// succeed later is reported, and Lambda sends it again; one that never will is kept as a failure record at once, and
// holds up nobody.

import {
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { CLIENT_CONFIGURATION } from "./lib/client-configuration";
import { requiredEnvironment, requiredOneOf, requiredPositiveInteger } from "./lib/environment";
import { createFailureKeeper, PermanentFailure } from "./lib/failure-record";
import { inLanes } from "./lib/in-lanes";
import { changedImage, imageFailure, type ProfileImage, profileIdOf } from "./lib/profile-image";
import { createResize, KeyRefused, type Resize, UnusablePhoto } from "./lib/tinypng";

export interface Dependencies {
  readonly s3: Pick<S3Client, "send">;
  readonly resize: Resize;
  readonly bucket: string;
  readonly failuresBucket: string;
}

/** Profiles worked on at a time: as many photos are held in memory at once. */
const CONCURRENCY = 5;
/** 25 MB: the largest JPEGs of today's cameras fit, and five of them fit into the function's memory twice. */
const MAX_PHOTO_BYTES = 25_000_000;
/** What is left of the function's time when no further photo is begun: enough to store one and to keep a failure. */
const RESERVE_MS = 15_000;
/** The longest that one photo may take at TinyPNG. */
const RESIZE_MS = 45_000;

/** Makes the handler; it reports the sequence numbers of the records to be sent again. */
export function createHandler({ s3, resize, bucket, failuresBucket }: Dependencies) {
  const keepFailure = createFailureKeeper(s3, failuresBucket, "CreateThumbnail");

  /** Says what was done; throws a PermanentFailure where trying again cannot help. */
  async function createThumbnail(image: ProfileImage, remainingMs: number): Promise<string> {
    if (remainingMs < RESERVE_MS) throw new Error(`Only ${remainingMs} ms are left, too few to begin ${image.key}`);
    if (await isDone(image)) return "skipped: the thumbnail is there";
    const original = await getOriginal(image);
    if (original === undefined) return "skipped: replaced since, and that upload has an event of its own";
    const thumbnail = await resizeOriginal(image, original.bytes, Math.min(RESIZE_MS, remainingMs - RESERVE_MS));
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: image.thumbnailKey,
        Body: thumbnail,
        ContentType: original.contentType,
        Metadata: { "user-profile-id": image.profileId, "original-etag": original.eTag },
        Tagging: "Thumbnail=true",
      }),
    );
    return "created";
  }

  /** A record that comes again must not cost a second TinyPNG credit. */
  async function isDone({ thumbnailKey, eTag, profileId }: ProfileImage): Promise<boolean> {
    try {
      const { Metadata = {} } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: thumbnailKey }));
      return eTag !== undefined && Metadata["original-etag"] === eTag && Metadata["user-profile-id"] === profileId;
    } catch (error) {
      if (error instanceof NotFound) return false;
      throw error;
    }
  }

  /** Undefined when another photo has taken the key. */
  async function getOriginal(image: ProfileImage) {
    const { key, eTag } = image;
    const IfMatch = eTag && `"${eTag}"`;
    try {
      const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch }));
      const { Body, ContentLength = 0, ContentType: contentType, ETag = "" } = object;
      if (ContentLength > MAX_PHOTO_BYTES) {
        const message = `${key} has ${ContentLength} bytes, the most is ${MAX_PHOTO_BYTES}`;
        if (Body !== undefined && "destroy" in Body) Body.destroy();
        throw imageFailure("PhotoTooLarge", message, image);
      }
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return { bytes, contentType, eTag: ETag.replaceAll('"', "") };
    } catch (error) {
      if (error instanceof NoSuchKey)
        throw imageFailure("PhotoGone", `There is no ${key} in ${bucket} any more`, image);
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412) return undefined;
      throw error;
    }
  }

  async function resizeOriginal(image: ProfileImage, bytes: Uint8Array, deadlineMs: number): Promise<Uint8Array> {
    try {
      return await resize(bytes, deadlineMs);
    } catch (error) {
      if (error instanceof UnusablePhoto) throw imageFailure("UnusablePhoto", `${image.key}: ${error.message}`, image);
      throw error;
    }
  }

  async function handleRecord(record: DynamoDBRecord, context: Context): Promise<void> {
    const image = changedImage(record);
    if (typeof image === "string") return console.info({ message: image, profileId: profileIdOf(record) });
    const { profileId, key } = image;
    try {
      const message = await createThumbnail(image, context.getRemainingTimeInMillis());
      console.info({ message, profileId, key });
    } catch (reason) {
      if (!(reason instanceof PermanentFailure)) throw reason;
      const seconds = record.dynamodb?.ApproximateCreationDateTime ?? 0;
      const eventTime = new Date(seconds * 1000).toISOString();
      await keepFailure({ reason, identity: record.eventID ?? "", eventTime, record, key });
    }
  }

  return async ({ Records }: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> => {
    const failed = await inLanes(Records, profileIdOf, CONCURRENCY, (record) => handleRecord(record, context));
    for (const { item, error } of failed) {
      console.error({ message: "will be tried again", profileId: profileIdOf(item), error: String(error) });
    }
    // Trying again does not mend a key: the whole invocation fails, where alarms see it.
    const refused = failed.find(({ error }) => error instanceof KeyRefused);
    if (refused !== undefined) throw refused.error;
    return { batchItemFailures: failed.map(({ item }) => ({ itemIdentifier: item.dynamodb?.SequenceNumber ?? "" })) };
  };
}

export const handler = createHandler({
  s3: new S3Client(CLIENT_CONFIGURATION),
  resize: createResize(requiredEnvironment("TINYPNG_KEY"), {
    method: requiredOneOf("THUMBNAIL_METHOD", ["fit", "cover", "thumb"]),
    width: requiredPositiveInteger("THUMBNAIL_WIDTH"),
    height: requiredPositiveInteger("THUMBNAIL_HEIGHT"),
  }),
  bucket: requiredEnvironment("BUCKET_NAME"),
  failuresBucket: requiredEnvironment("FAILURES_BUCKET"),
});
