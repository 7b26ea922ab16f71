// What the tests of photos send to the running pipeline, and what they look at afterwards.

import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { pipeline } from "../../common-pipeline";

/** A JPEG of one colour: after a resize it is still that colour. */
export const photoOf = (background: string, width = 600, height = 900) =>
  sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();

export async function upload(key: string, body: Buffer, metadata: Record<string, string> = {}): Promise<void> {
  const { s3, names } = pipeline;
  await s3.send(
    new PutObjectCommand({ Bucket: names.bucket, Key: key, Body: body, ContentType: "image/jpeg", Metadata: metadata }),
  );
}

export const profile = async (id: string) =>
  (await pipeline.dynamodb.send(new GetItemCommand({ TableName: pipeline.names.table, Key: { id: { N: id } } }))).Item;

export const thumbnails = async (prefix: string) =>
  (await pipeline.s3.send(new ListObjectsV2Command({ Bucket: pipeline.names.bucket, Prefix: `thumbnails/${prefix}` })))
    .Contents ?? [];

/** The texts of the failure records. */
export async function failures(): Promise<string[]> {
  const { s3, names } = pipeline;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: names.failuresBucket }));
  return Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: names.failuresBucket, Key }));
      return (await Body?.transformToString()) ?? "";
    }),
  );
}

export async function meanColour(key: string): Promise<number[]> {
  const { Body } = await pipeline.s3.send(new GetObjectCommand({ Bucket: pipeline.names.bucket, Key: key }));
  const { channels } = await sharp(await Body?.transformToByteArray()).stats();
  return channels.map(({ mean }) => Math.round(mean));
}
