// Whether the pipeline did its work on one photo: the profile points at it, and each thumbnail is one of this very picture,
// in its size and format, tagged and marked with the profile's number.

import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, GetObjectTaggingCommand, NoSuchKey } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { thumbnailKeyOf } from "../functions/lib/keys";
import { PROFILE_ID } from "../functions/lib/metadata";
import { readPicture } from "../functions/lib/picture";
import type { Size } from "../functions/lib/size";
import type { ThumbnailSize, ThumbnailSizes } from "../functions/lib/thumbnail-sizes";
import type { Photo } from "../operations/photos";
import type { Pipeline } from "./index";

export interface Thumbnail {
  readonly key: string;
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Mean difference of a colour channel (0 to 255) that two JPEG encodings of the same small picture stay below. */
const SAME_PICTURE = 12;

/** Returns the first thumbnail of a photo, or throws an Error that says what is missing or wrong. */
export async function verifyThumbnail(
  pipeline: Pipeline,
  sent: SentPhoto,
  [first, ...others]: ThumbnailSizes,
): Promise<Thumbnail> {
  const { dynamodb, names, profileIds } = pipeline;
  const { profileId, key } = sent;
  const Key = profileIds.keyOf(String(profileId));
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: names.table, Key, ConsistentRead: true }));
  expectEqual(`the image of profile ${profileId}`, Item?.image?.S, key);

  for (const size of others) await verifySize(pipeline, sent, size);
  return verifySize(pipeline, sent, first);
}

interface SentPhoto {
  readonly photo: Photo;
  readonly profileId: number;
  readonly key: string;
}

async function verifySize(
  { s3, names }: Pipeline,
  { photo, profileId, key }: SentPhoto,
  size: ThumbnailSize,
): Promise<Thumbnail> {
  const thumbnailKey = thumbnailKeyOf(key, size);
  const at = { Bucket: names.bucket, Key: thumbnailKey };
  const object = await s3.send(new GetObjectCommand(at)).catch((error: unknown) => {
    if (error instanceof NoSuchKey) throw new Error(`there is no ${thumbnailKey}`);
    throw error;
  });
  expectEqual(`the ${PROFILE_ID} of ${thumbnailKey}`, object.Metadata?.[PROFILE_ID], String(profileId));
  const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand(at));
  expectEqual(`the tag Thumbnail of ${thumbnailKey}`, TagSet.find((tag) => tag.Key === "Thumbnail")?.Value, "true");

  const bytes = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
  const { width, height } = await sharp(bytes).metadata();
  if (size.format !== "original") {
    expectEqual(`the format of ${thumbnailKey}`, readPicture(bytes)?.type, `image/${size.format}`);
  }
  await expectSamePicture(thumbnailKey, photo, bytes, size);
  return { key: thumbnailKey, bytes, width, height };
}

/** Compares with a thumbnail made here; `cover` and `thumb` choose their own detail, so only their size is compared. */
async function expectSamePicture(
  key: string,
  photo: Photo,
  actual: Buffer,
  { method, width, height }: Size,
): Promise<void> {
  const fit = method === "fit" ? "inside" : "cover";
  const reference = sharp(photo.bytes).autoOrient().resize({ width, height, fit, withoutEnlargement: true });
  const [expected, given] = await Promise.all(
    [reference, sharp(actual)].map((image) =>
      image.flatten().toColourspace("srgb").raw().toBuffer({ resolveWithObject: true }),
    ),
  );
  if (expected === undefined || given === undefined) return;
  const dimensions = ({ info }: typeof given) => `${info.width}×${info.height}`;
  expectEqual(`the size of ${key}`, dimensions(given), dimensions(expected));
  if (fit === "cover") return;
  const difference = expected.data.reduce((sum, value, index) => sum + Math.abs(value - (given.data[index] ?? 0)), 0);
  const mean = difference / expected.data.length;
  if (mean > SAME_PICTURE)
    throw new Error(`${key} is not the picture of ${photo.file} (mean difference ${mean.toFixed(1)})`);
}

function expectEqual(what: string, actual: string | undefined, expected: string | undefined): void {
  if (actual !== expected) throw new Error(`${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
}
