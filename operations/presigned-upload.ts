// Presigned uploads that pin what SetProfileImage goes by. Whoever holds one can bring this profile a photo, and can choose
// neither the profile nor the key. A PUT holds once: S3 refuses it when the key is taken. A form knows no conditions
// and can be sent again until it expires, always to this one key.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html

import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { MAX_PHOTO_BYTES } from "../functions/lib/images-bucket";
import { PROFILE_ID } from "../functions/lib/metadata";
import type { CheckedUpload } from "./upload-check";

const PROFILE_ID_HEADER = `x-amz-meta-${PROFILE_ID}`;

interface Common {
  readonly url: string;
  readonly bucket: string;
  readonly key: string;
  /** ISO 8601; with temporary credentials it ends with them, if that is earlier. */
  readonly expires: string;
}

export type PresignedPut = Common & {
  readonly method: "PUT";
  /** To be sent as they are; clients set Content-Length themselves, and it must be that of the file. */
  readonly headers: Readonly<Record<string, string>>;
};

export type PresignedPost = Common & {
  readonly method: "POST";
  /** To be sent as they are, before the file. */
  readonly fields: Readonly<Record<string, string>>;
};

export type Presigned = PresignedPut | PresignedPost;

type PhotoToSign = Pick<CheckedUpload, "key" | "profileId" | "contentType" | "size">;

/** Signs one PUT of so many bytes of this type: sent again, it is refused with 412. */
export async function presignPut(
  s3: S3Client,
  bucket: string,
  { key, profileId, contentType, size }: PhotoToSign,
  expiresIn: number,
): Promise<PresignedPut> {
  const headers = { "content-type": contentType, "if-none-match": "*", [PROFILE_ID_HEADER]: profileId };
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    ContentType: contentType,
    ContentLength: size,
    IfNoneMatch: "*",
    Metadata: { [PROFILE_ID]: profileId },
  });
  const url = await getSignedUrl(s3, command, {
    expiresIn,
    // The SDK would leave the type out, and move the metadata into the URL.
    signableHeaders: new Set(["host", "content-length", ...Object.keys(headers)]),
    unhoistableHeaders: new Set([PROFILE_ID_HEADER]),
  });
  return { method: "PUT", url, headers, bucket, key, expires: expiry(expiresIn) };
}

/** Signs a form that brings photos of this type to one key, of any size that the pipeline takes, until it expires. */
export async function presignPost(
  s3: S3Client,
  bucket: string,
  { key, profileId, contentType }: PhotoToSign,
  expiresIn: number,
): Promise<PresignedPost> {
  const { url, fields } = await createPresignedPost(s3, {
    Bucket: bucket,
    Key: key,
    Fields: { "Content-Type": contentType, [PROFILE_ID_HEADER]: profileId },
    Conditions: [["content-length-range", 1, MAX_PHOTO_BYTES]],
    Expires: expiresIn,
  });
  return { method: "POST", url, fields, bucket, key, expires: expiry(expiresIn) };
}

const expiry = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
