// Profile images for your app, in one file that needs nothing but the AWS SDK: import it, or copy it as it is. It
// presigns uploads for browsers, reads what a profile can show, presigns thumbnail URLs, and removes photos.
//
// A presigned upload fixes the profile, the key and the content type: whoever has it can upload a photo for this profile
// and under this key only. https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html

import { randomUUID } from "node:crypto";
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

/** 64 MB: the largest photo that gets a thumbnail. */
export const MAX_PHOTO_BYTES = 64_000_000;

/** The types of photos that get a thumbnail, and how their keys end. */
export const PHOTO_SUFFIXES: Readonly<Record<string, string>> = {
  "image/jpeg": ".jpg",
  "image/png": ".png",
  "image/webp": ".webp",
  "image/avif": ".avif",
};

const PROFILE_ID = "user-profile-id";
const PROFILE_ID_HEADER = `x-amz-meta-${PROFILE_ID}`;

/** A photo as the browser describes it: the file's `type` and `size`. */
export interface PhotoFile {
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
}

/** A photo that may be uploaded for one profile, to one key. */
export interface PhotoToSign {
  readonly profileId: string;
  readonly key: string;
  readonly contentType: string;
}

interface Signed {
  readonly url: string;
  readonly bucket: string;
  readonly key: string;
  /** ISO 8601; with temporary credentials it ends with them, if that is earlier. */
  readonly expires: string;
}

export type PresignedPut = Signed & {
  readonly method: "PUT";
  /** To be sent as they are; clients set Content-Length themselves, and it must be that of the file. */
  readonly headers: Readonly<Record<string, string>>;
};

export type PresignedPost = Signed & {
  readonly method: "POST";
  /** To be sent as they are, before the file. */
  readonly fields: Readonly<Record<string, string>>;
};

export type Presigned = PresignedPut | PresignedPost;

/** A presigned URL, which shows the object to whoever has it. */
export interface PresignedUrl {
  readonly url: string;
  /** ISO 8601; with temporary credentials it ends with them, if that is earlier. */
  readonly expires: string;
}

/** What a profile can show now: the attribute `thumbnail` of its item. */
export interface Thumbnail {
  /** In the images bucket, under thumbnails/. */
  readonly key: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** Such as `image/jpeg`. */
  readonly type: string;
  /** With the stack's setting `thumbnails`: each by the name of its size, also this one. */
  readonly sizes?: Readonly<Record<string, Thumbnail>>;
}

/** What a profile shows. */
export interface ProfileImage {
  /** The key of its photo, under original/; undefined when it has none. */
  readonly photo: string | undefined;
  /** The last good one: after an upload, still that of the previous photo. Undefined when it never had one, or lost it. */
  readonly thumbnail: Thumbnail | undefined;
  /** Whether the thumbnail shows the photo. If not, it is being made, or cannot be made of this photo. */
  readonly isCurrent: boolean;
}

/** What the clients of S3 and DynamoDB are made with; what is left out comes from the environment, as always with the SDK. */
export interface ClientConfiguration {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

export interface ProfileImagesOptions {
  /** The stack's output `bucket`. */
  readonly bucket: string;
  /** The stack's output `table`. */
  readonly table: string;
  /** The stack's setting `profileId`. */
  readonly profileIdType?: "number" | "string";
  /** The stack's output `thumbnail_base_url`, with the setting `delivery`; without it URLs are presigned. */
  readonly thumbnailBaseUrl?: string;
  readonly client?: ClientConfiguration;
}

/** Enough for one click on a slow line. */
const UPLOAD_SECONDS = 900;
/** Presigned URLs stay the same for half an hour, so that browsers need not load a picture again, and are valid for an hour. */
const URL_PERIOD_SECONDS = 1_800;
const URL_SECONDS = 3_600;

export type ProfileImages = ReturnType<typeof createProfileImages>;

/**
 * Makes what an app's server needs. Its credentials need policies/app.json and no more. Profile ids are strings here, also
 * numbers; take them from the session that you have checked, and never from what a client sends.
 */
export function createProfileImages(options: ProfileImagesOptions) {
  const { bucket, table, profileIdType = "number", thumbnailBaseUrl, client = {} } = options;
  // A checksum that the client adds by itself would be that of no photo at all.
  const s3 = new S3Client({ ...client, requestChecksumCalculation: "WHEN_REQUIRED" });
  const dynamodb = new DynamoDBClient(client);
  const keyOf = (profileId: string) => ({
    TableName: table,
    Key: { id: profileIdType === "number" ? { N: profileId } : { S: profileId } },
  });

  return {
    /**
     * Signs the upload of one photo, which the browser then sends itself, by a PUT with exactly these headers.
     * @throws RangeError with the sentence of `refusalOf` for a file that would get no thumbnail
     */
    async signUpload(profileId: string, file: PhotoFile): Promise<PresignedPut> {
      const refusal = refusalOf(file);
      if (refusal !== undefined) throw new RangeError(refusal);
      const key = newPhotoKey(profileId, PHOTO_SUFFIXES[file.contentType] ?? "");
      return presignPut(s3, bucket, { ...file, profileId, key }, UPLOAD_SECONDS);
    },

    /** What the profile has and can show; undefined when there is no such profile. */
    async read(profileId: string): Promise<ProfileImage | undefined> {
      const command = new GetItemCommand({ ...keyOf(profileId), ConsistentRead: true });
      const { Item } = await dynamodb.send(command);
      return Item && profileImageIn(Item);
    },

    /** The URL of a thumbnail that `read` returned, for an `<img>`. */
    async urlOf({ key }: Pick<Thumbnail, "key">): Promise<string> {
      if (thumbnailBaseUrl !== undefined)
        return `${thumbnailBaseUrl}/${key.split("/").map(encodeURIComponent).join("/")}`;
      const period = URL_PERIOD_SECONDS * 1000;
      const signingDate = new Date(Math.floor(Date.now() / period) * period);
      return (await signThumbnail(s3, bucket, key, URL_SECONDS, signingDate)).url;
    },

    /**
     * Removes the photo from a profile; the pipeline then removes the thumbnail. The uploaded photo stays in the
     * bucket, and a late event of it does not bring it back.
     * @returns whether there is such a profile
     */
    async removePhoto(profileId: string): Promise<boolean> {
      const command = new UpdateItemCommand({
        ...keyOf(profileId),
        UpdateExpression: "REMOVE image",
        ConditionExpression: "attribute_exists(id)",
      });
      return dynamodb.send(command).then(
        () => true,
        (error: unknown) => {
          if (error instanceof ConditionalCheckFailedException) return false;
          throw error;
        },
      );
    },

    /** Closes the clients' connections. */
    close(): void {
      s3.destroy();
      dynamodb.destroy();
    },
  };
}

/** Why a file would get no thumbnail, in a sentence for people; undefined for one that looks right. */
export function refusalOf({ contentType, size }: PhotoFile): string | undefined {
  if (!Object.hasOwn(PHOTO_SUFFIXES, contentType)) {
    return `A photo must be a JPEG, PNG, WebP or AVIF (this one is ${contentType || "of an unknown type"}).`;
  }
  if (!Number.isInteger(size) || size < 1 || size > MAX_PHOTO_BYTES) {
    return `A photo must have 1 to ${MAX_PHOTO_BYTES} bytes (this one has ${size}).`;
  }
  return undefined;
}

/**
 * A new key for a photo: `original/<profile>/<random UUID><suffix>`. No two uploads share one, so none replaces another,
 * and who knows one key of a profile knows no other.
 */
export const newPhotoKey = (profileId: string, suffix: string): string =>
  `original/${keyPartOf(profileId)}/${randomUUID()}${suffix}`;

/**
 * An id as one part of a key: what could end the part, or mean something to whoever makes a URL or a path of the key, is
 * percent-encoded. Three times 255 characters leave room for the rest.
 */
export const keyPartOf = (profileId: string): string =>
  encodeURIComponent(profileId).replaceAll(/^\.+$/g, (dots) => "%2E".repeat(dots.length));

/**
 * Signs one PUT of so many bytes of this type: sent again, it is refused with 412.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 * @param s3 a client with `requestChecksumCalculation: "WHEN_REQUIRED"`
 * @param expiresIn seconds, a week at most
 */
export async function presignPut(
  s3: S3Client,
  bucket: string,
  { key, profileId, contentType, size }: PhotoToSign & PhotoFile,
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
  const expires = expiryOf(expiresIn);
  const url = await getSignedUrl(s3, command, {
    expiresIn,
    // The SDK would leave the type out, and move the metadata into the URL.
    signableHeaders: new Set(["host", "content-length", ...Object.keys(headers)]),
    unhoistableHeaders: new Set([PROFILE_ID_HEADER]),
  });
  return { method: "PUT", url, headers, bucket, key, expires };
}

/**
 * Signs a form that brings photos of this type to one key, of any size that the pipeline takes, until it expires: a form
 * knows no conditions, so it can be sent again. Sign a PUT where you can.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 * @param expiresIn seconds, a week at most
 */
export async function presignPost(
  s3: S3Client,
  bucket: string,
  { key, profileId, contentType }: PhotoToSign,
  expiresIn: number,
): Promise<PresignedPost> {
  const expires = expiryOf(expiresIn);
  const { url, fields } = await createPresignedPost(s3, {
    Bucket: bucket,
    Key: key,
    Fields: { "Content-Type": contentType, [PROFILE_ID_HEADER]: profileId },
    Conditions: [["content-length-range", 1, MAX_PHOTO_BYTES]],
    Expires: expiresIn,
  });
  return { method: "POST", url, fields, bucket, key, expires };
}

/**
 * Signs the reading of one thumbnail; sends nothing, and does not look whether it is there.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ShareObjectPreSignedURL.html
 * @param key as the profile's `thumbnail` names it
 * @param expiresIn seconds from the signing date on, a week at most
 */
export async function signThumbnail(
  s3: S3Client,
  bucket: string,
  key: string,
  expiresIn: number,
  signingDate = new Date(),
): Promise<PresignedUrl> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: key });
  const expires = expiryOf(expiresIn, signingDate);
  return { url: await getSignedUrl(s3, command, { expiresIn, signingDate }), expires };
}

const expiryOf = (seconds: number, from = new Date()): string =>
  new Date(from.getTime() + seconds * 1000).toISOString();

/** An attribute's value, as DynamoDB's items and the records of its stream have it, as far as it matters here. */
interface Value {
  readonly S?: string;
  readonly N?: string;
  readonly M?: Readonly<Record<string, Value>>;
}

/** What an item of the table tells of its profile's face. */
export function profileImageIn({
  image,
  imageVersion,
  imageETag,
  thumbnail,
}: Readonly<Record<string, Value>>): ProfileImage {
  const { sizes, imageVersion: ofVersion, imageETag: ofETag } = thumbnail?.M ?? {};
  const photo = image?.S;
  const first = thumbnailOf(thumbnail);
  if (first === undefined) return { photo, thumbnail: undefined, isCurrent: false };
  // Where something else than the pipeline writes `image`, there is no version, and the ETags tell.
  const isSame = ofVersion?.S === imageVersion?.S && (ofVersion !== undefined || ofETag?.S === imageETag?.S);
  const named = Object.entries(sizes?.M ?? {}).flatMap(([name, value]) => {
    const each = thumbnailOf(value);
    return each === undefined ? [] : [[name, each] as const];
  });
  return {
    photo,
    thumbnail: { ...first, ...(named.length > 0 && { sizes: Object.fromEntries(named) }) },
    isCurrent: photo !== undefined && isSame,
  };
}

function thumbnailOf(value: Value | undefined): Thumbnail | undefined {
  const { key, width, height, bytes, type } = value?.M ?? {};
  if (key?.S === undefined) return undefined;
  const numberIn = (number: Value | undefined) => Number(number?.N);
  return {
    key: key.S,
    width: numberIn(width),
    height: numberIn(height),
    bytes: numberIn(bytes),
    type: type?.S ?? "",
  };
}
