// The images bucket as CreateThumbnail uses it: is the thumbnail there, what is the photo, store the thumbnail, and
// remove an obsolete one.

import { addAbortSignal, type Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { cacheControlOf } from "./cache-control";
import { thumbnailKeyOf } from "./keys";
import { removeLocation } from "./location";
import { belongsTo, isMadeFrom, PHOTO_ETAG, PROFILE_ID, thumbnailMetadata } from "./metadata";
import { MAX_PHOTO_BYTES, readWhole } from "./photo-bytes";
import { readPicture } from "./picture";
import { imageFailure, type ProfileImage } from "./profile-image";
import type { StoredPicture } from "./profile-thumbnail";
import type { Resized } from "./resize";
import { hasStatus } from "./s3-status";
import type { ThumbnailSize } from "./thumbnail-sizes";

/** A photo that S3 has begun to send: its bytes take no memory before they are read. */
export interface Photo {
  readonly size: number;
  /** Without quotes. */
  readonly eTag: string;
  read(): Promise<Buffer>;
  /** Ends what nobody will read. */
  discard(): void;
}

/** A thumbnail that is in the bucket. */
export interface StoredThumbnail extends StoredPicture {
  /** Of the photo that it was made of, without quotes. */
  readonly imageETag: string;
}

/** What lies under a thumbnail's key before we write. */
export interface Found {
  /** With quotes, as conditions take it; undefined when there is no thumbnail. */
  readonly eTag: string | undefined;
  /** Whose it is, as its metadata says. */
  readonly profileId: string | undefined;
  /** Of the photo that it shows, without quotes, as its metadata says. */
  readonly photoETag: string | undefined;
  /** It, if it is a whole picture, made of the photo with this ETag, for the profile that was asked for, in its size as it is today. */
  madeOf(photoETag: string | undefined): Promise<StoredThumbnail | undefined>;
}

/** Under a key that is free. */
export const NOTHING: Found = {
  eTag: undefined,
  profileId: undefined,
  photoETag: undefined,
  madeOf: async () => undefined,
};

export type ImagesBucket = ReturnType<typeof createImagesBucket>;

/** How thumbnails are stored: as the bucket has it, or with S3's own keys, as CloudFront needs it. */
export const THUMBNAIL_ENCRYPTIONS = ["bucket-default", "AES256"] as const;
export type ThumbnailEncryption = (typeof THUMBNAIL_ENCRYPTIONS)[number];

/**
 * Each call ends with an error when the signal is aborted.
 * @param stripsOriginals whether nobody shall read where a photo was taken: SetProfileImage may not have come to this one yet
 */
export function createImagesBucket(
  s3: Pick<S3Client, "send">,
  bucket: string,
  encryption: ThumbnailEncryption,
  stripsOriginals: boolean,
) {
  /** Reads a thumbnail that looks right by its metadata: such a one may be empty or half, of before this was checked. */
  async function readThumbnail(
    input: GetObjectCommandInput & { readonly Key: string },
    imageETag: string,
    abortSignal: AbortSignal,
  ): Promise<StoredThumbnail | undefined> {
    try {
      const { Body, ContentLength: bytes = 0 } = await s3.send(new GetObjectCommand(input), { abortSignal });
      const body = addAbortSignal(abortSignal, Body as Readable);
      const picture = readPicture(await readWhole(body, bytes, input.Key));
      return picture && { ...picture, key: input.Key, bytes, imageETag };
    } catch (error) {
      if (hasStatus(error, 404, 412)) return undefined; // It changes just now.
      throw error;
    }
  }

  /** What is under a photo's key; undefined when it has another ETag. */
  async function getPhoto(
    image: ProfileImage,
    IfMatch: string | undefined,
    abortSignal: AbortSignal,
  ): Promise<GetObjectCommandOutput | undefined> {
    const { key } = image;
    try {
      return await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch }), { abortSignal });
    } catch (error) {
      if (error instanceof NoSuchKey) throw imageFailure("PhotoGone", `There is no ${key} in ${bucket}`, image);
      if (hasStatus(error, 412)) return undefined;
      throw error;
    }
  }

  /**
   * Removes what is the profile's under a key. The condition is for an object that changes hands just then:
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
   */
  async function remove(
    { key, profileId, eTag }: { key: string; profileId: string; eTag?: string | undefined },
    isNeeded: () => Promise<boolean>,
    abortSignal: AbortSignal,
  ): Promise<boolean> {
    const input = { Bucket: bucket, Key: key };
    try {
      const { ETag, Metadata = {} } = await s3.send(new HeadObjectCommand(input), { abortSignal });
      if (eTag !== undefined && ETag !== `"${eTag}"`) return false;
      if (!belongsTo(Metadata, profileId) || (await isNeeded())) return false;
      await s3.send(new DeleteObjectCommand({ ...input, IfMatch: ETag }), { abortSignal });
      return true;
    } catch (error) {
      if (hasStatus(error, 404, 412)) return false;
      throw error;
    }
  }

  return {
    /** Looks for a thumbnail of a photo, so that a record that comes again costs no second TinyPNG credit. */
    async findThumbnail(
      { key, profileId }: ProfileImage,
      size: ThumbnailSize,
      abortSignal: AbortSignal,
    ): Promise<Found> {
      try {
        const input = { Bucket: bucket, Key: thumbnailKeyOf(key, size) };
        const { ETag, Metadata = {} } = await s3.send(new HeadObjectCommand(input), { abortSignal });
        return {
          eTag: ETag,
          profileId: Metadata[PROFILE_ID],
          photoETag: Metadata[PHOTO_ETAG],
          async madeOf(photoETag) {
            if (photoETag === undefined || !isMadeFrom(Metadata, { profileId, photoETag, size })) return undefined;
            return readThumbnail({ ...input, IfMatch: ETag }, photoETag, abortSignal);
          },
        };
      } catch (error) {
        if (error instanceof NotFound) return NOTHING;
        throw error;
      }
    },

    /**
     * Opens the photo; undefined when another profile's has taken its key. A later one of the same profile is as good, and
     * must not be left to its own event: that may have come before, and been the older one by its time.
     */
    async openPhoto(image: ProfileImage, abortSignal: AbortSignal): Promise<Photo | undefined> {
      const { key, eTag, profileId } = image;
      const wanted = await getPhoto(image, eTag && `"${eTag}"`, abortSignal);
      const object = wanted ?? (await getPhoto(image, undefined, abortSignal));
      if (object === undefined) return undefined;
      // The client's own signal ends with the response's headers.
      const body = addAbortSignal(abortSignal, object.Body as Readable);
      if (wanted === undefined && !belongsTo(object.Metadata ?? {}, profileId)) {
        body.destroy();
        return undefined;
      }
      const size = object.ContentLength ?? 0;
      if (size > MAX_PHOTO_BYTES) {
        body.destroy();
        throw imageFailure("PhotoTooLarge", `${key} has ${size} bytes, the most is ${MAX_PHOTO_BYTES}`, image);
      }
      return {
        size,
        eTag: object.ETag?.replaceAll('"', "") ?? "",
        async read() {
          const bytes = await readWhole(body, size, key);
          if (stripsOriginals) removeLocation(bytes);
          return bytes;
        },
        discard: () => body.destroy(),
      };
    },

    /** Whether what is under a photo's key is still the photo with this ETag. */
    async hasPhoto({ key }: ProfileImage, photoETag: string, abortSignal: AbortSignal): Promise<boolean> {
      const input = { Bucket: bucket, Key: key, IfMatch: `"${photoETag}"` };
      try {
        await s3.send(new HeadObjectCommand(input), { abortSignal });
        return true;
      } catch (error) {
        if (hasStatus(error, 404, 412)) return false;
        throw error;
      }
    },

    /**
     * Stores the thumbnail, unless its key has changed hands since `found`: two profiles whose photos had one key after
     * the other could otherwise leave the older photo's thumbnail. S3 refuses then with 412.
     * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
     */
    async storeThumbnail(
      { key, profileId }: ProfileImage,
      size: ThumbnailSize,
      photoETag: string,
      { bytes, ...picture }: Resized,
      found: Found,
      abortSignal: AbortSignal,
    ): Promise<StoredThumbnail> {
      const thumbnailKey = thumbnailKeyOf(key, size);
      const condition = found.eTag === undefined ? { IfNoneMatch: "*" } : { IfMatch: found.eTag };
      const command = new PutObjectCommand({
        ...condition,
        Bucket: bucket,
        Key: thumbnailKey,
        Body: bytes,
        ContentType: picture.type,
        CacheControl: cacheControlOf(thumbnailKey, found.eTag !== undefined && found.photoETag !== photoETag),
        Metadata: thumbnailMetadata({ profileId, photoETag, size }),
        Tagging: "Thumbnail=true",
        ...(encryption !== "bucket-default" && { ServerSideEncryption: encryption }),
      });
      await s3.send(command, { abortSignal });
      return { ...picture, key: thumbnailKey, bytes: bytes.length, imageETag: photoETag };
    },

    /**
     * Removes a thumbnail, unless it is another profile's by now, or its own needs it; says whether it did.
     * @param isNeeded asked when there is something to remove
     */
    removeThumbnail: (
      object: { readonly key: string; readonly profileId: string },
      isNeeded: () => Promise<boolean>,
      abortSignal: AbortSignal,
    ): Promise<boolean> => remove(object, isNeeded, abortSignal),

    /** Removes a photo in the same way, and only the one with this ETag: a later upload has an event of its own. */
    removeOriginal: remove,
  };
}
