// With the setting `stripOriginals` a photo loses the place where it was taken before its profile gets it: it is stored
// again under its key without it, and the version with it goes for good. Only where nobody has stored another one meanwhile.

import type { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  GetObjectTaggingCommand,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import type { S3EventRecord } from "aws-lambda";
import { PermanentFailure } from "./failure-record";
import { removeLocation } from "./location";
import { STRIPPED_FROM } from "./metadata";
import { MAX_PHOTO_BYTES, readWhole } from "./photo-bytes";
import { hasStatus } from "./s3-status";
import { type Stored, storedAs, unquoted } from "./stored-as";
import type { Upload } from "./upload";

/**
 * Whether an event is of what this function itself has stored, for which the event of the upload is enough. Others may
 * have sessions of its name, or copies with its metadata; both have not.
 */
export const isOwnWrite = ({ userIdentity }: S3EventRecord, stored: Stored): boolean =>
  (userIdentity?.principalId.endsWith(`:${process.env.AWS_LAMBDA_FUNCTION_NAME}`) ?? false) &&
  stored.Metadata?.[STRIPPED_FROM] !== undefined;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
const tooMuchMetadata = (key: string) =>
  new PermanentFailure(
    "MetadataTooLarge",
    `${key} cannot be stored without its place: S3 takes 2,048 bytes of metadata, and ${STRIPPED_FROM} is to be added; upload it again with less`,
  );

/**
 * Makes the function that strips an upload.
 * @param head what is under an upload's key; undefined when nothing is
 */
export function createStrip(s3: Pick<S3Client, "send">, head: (upload: Upload) => Promise<Stored | undefined>) {
  /**
   * @param stored what is under its key
   * @returns as {@link storedAs}, once it is done
   */
  return async function strip(upload: Upload, stored: Stored | undefined): Promise<string | undefined> {
    const { eTag, size, versionId } = upload;
    const found = storedAs(upload, stored);
    if (found === undefined) {
      await removeReplaced(upload);
      return undefined;
    }
    if (found !== eTag) {
      // An earlier try may have ended before this.
      await removeVersions(upload, versionId);
      return found;
    }
    // One that is larger gets no thumbnail.
    if (size > MAX_PHOTO_BYTES) return eTag;
    try {
      const photo = await get(upload, { IfMatch: `"${eTag}"` });
      const bytes = await readWhole(photo.Body as Readable, photo.ContentLength ?? 0, upload.key);
      if (!removeLocation(bytes)) return eTag;
      const { ETag } = await s3.send(new PutObjectCommand(await asItWas(upload, photo, bytes)));
      await removeVersions(upload, versionId, photo.VersionId);
      return unquoted(ETag);
    } catch (error) {
      if (error instanceof S3ServiceException && error.name === "MetadataTooLarge") throw tooMuchMetadata(upload.key);
      if (!hasStatus(error, 404, 412)) throw error;
      // Replaced: by somebody, or by this very call, whose response was lost.
      return strip(upload, await head(upload));
    }
  };

  function get({ bucket, key }: Upload, which: { IfMatch: string } | { VersionId: string }) {
    return s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...which }));
  }

  /** All that S3 keeps with an object, and what it was made of; unless it has been replaced. */
  async function asItWas(upload: Upload, photo: GetObjectCommandOutput, bytes: Buffer) {
    const { CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentType } = photo;
    const { Expires, StorageClass, WebsiteRedirectLocation } = photo;
    return {
      ...{ CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentType },
      ...{ Expires, StorageClass, WebsiteRedirectLocation },
      Bucket: upload.bucket,
      Key: upload.key,
      Body: bytes,
      IfMatch: photo.ETag,
      Metadata: { ...photo.Metadata, [STRIPPED_FROM]: upload.eTag },
      ...((photo.TagCount ?? 0) > 0 && { Tagging: await tagsOf(upload) }),
    };
  }

  async function tagsOf({ bucket, key }: Upload): Promise<string> {
    const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }));
    return String(new URLSearchParams(TagSet.map(({ Key = "", Value = "" }) => [Key, Value])));
  }

  /** An upload that was replaced or removed before its turn came is an old version: it is removed if it has a place. */
  async function removeReplaced(upload: Upload): Promise<void> {
    const { versionId, size, key } = upload;
    if (versionId === undefined || size > MAX_PHOTO_BYTES) return;
    try {
      const { Body, ContentLength = 0 } = await get(upload, { VersionId: versionId });
      if (removeLocation(await readWhole(Body as Readable, ContentLength, key)))
        await removeVersions(upload, versionId);
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
    }
  }

  /** A bucket without versioning has replaced them. */
  async function removeVersions({ bucket, key }: Upload, ...versionIds: (string | undefined)[]): Promise<void> {
    for (const VersionId of new Set(versionIds)) {
      if (VersionId === undefined || VersionId === "null") continue;
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId }));
    }
  }
}
