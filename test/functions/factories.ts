// Events as AWS sends them, one factory a kind; a test says only what matters to it.

import type { AttributeValue, Context, DynamoDBRecord, S3EventRecord } from "aws-lambda";
import type { Resized } from "../../functions/lib/resize";
import type { Change } from "./fake-profiles";

/** An upload; `key` is given plainly and encoded as S3 does. */
export function uploadRecord({
  bucket = "images",
  key = "original/photo.jpg",
  encodedKey = encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/"),
  eTag = "e1",
  size = 1024,
  eventTime = "2026-11-24T12:00:00.000Z",
  sequencer = "0055AED6DCD90281E5",
} = {}): S3EventRecord {
  return {
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: "eu-west-1",
    eventTime,
    eventName: "ObjectCreated:Put",
    userIdentity: { principalId: "AWS:AIDAEXAMPLE" },
    requestParameters: { sourceIPAddress: "127.0.0.1" },
    responseElements: { "x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8" },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId: "uploads",
      bucket: { name: bucket, ownerIdentity: { principalId: "A3NL1KOZZKExample" }, arn: `arn:aws:s3:::${bucket}` },
      object: { key: encodedKey, size, eTag, sequencer },
    },
  };
}

type AttributeValues = Record<string, AttributeValue>;

export interface ProfileImageAttributes {
  readonly key?: string;
  readonly eTag?: string;
  readonly version?: string;
  readonly nick?: string;
}

/** A profile as the stream shows it. */
export function profileImage({ key, eTag, version, nick = "Maverick" }: ProfileImageAttributes, id = "1") {
  return {
    id: { N: id },
    nick: { S: nick },
    ...(key !== undefined && { image: { S: key } }),
    ...(eTag !== undefined && { imageETag: { S: eTag } }),
    ...(version !== undefined && { imageVersion: { S: version } }),
  };
}

/** A change of a profile: without `after` a removal, without `before` a new profile. */
export function changeRecord({
  id = "1",
  before,
  after,
  sequenceNumber = "100000000000000000001",
}: {
  id?: string;
  before?: ProfileImageAttributes;
  after?: ProfileImageAttributes;
  sequenceNumber?: string;
}): DynamoDBRecord {
  return {
    eventID: `event-${sequenceNumber}`,
    eventName: after === undefined ? "REMOVE" : before === undefined ? "INSERT" : "MODIFY",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: "eu-west-1",
    dynamodb: {
      ApproximateCreationDateTime: Date.parse("2026-11-24T12:00:01Z") / 1000,
      Keys: { id: { N: id } },
      ...(before && { OldImage: profileImage(before, id) }),
      ...(after && { NewImage: profileImage(after, id) }),
      SequenceNumber: sequenceNumber,
      SizeBytes: 100,
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
  };
}

let sequenceNumbers = 0;

/** The record of a change of the fake table. */
export function changeOf({ id, before, after }: Change): DynamoDBRecord {
  sequenceNumbers += 1;
  const sequenceNumber = String(sequenceNumbers).padStart(21, "1");
  const record = changeRecord({ id, sequenceNumber });
  return {
    ...record,
    eventName: after === undefined ? "REMOVE" : before === undefined ? "INSERT" : "MODIFY",
    dynamodb: {
      ...record.dynamodb,
      ...(before && { OldImage: before as AttributeValues }),
      ...(after && { NewImage: after as AttributeValues }),
    },
  };
}

/** What SetProfileImage's update makes of a profile without an image. */
export const photoRecord = (id: string, key: string, eTag: string, sequenceNumber = id.padStart(21, "1")) =>
  changeRecord({ id, before: {}, after: { key, eTag, version: `v-${eTag}` }, sequenceNumber });

/** An invocation's context. */
export const lambdaContext = (remainingMs = 120_000) =>
  ({
    functionName: "TestFunction",
    awsRequestId: "8f507cfc-example",
    getRemainingTimeInMillis: () => remainingMs,
  }) as Context;

/** A whole JPEG of one pixel, that tells itself apart from others. */
export function thumbnailOf(text: string): Buffer {
  const comment = Buffer.alloc(2);
  comment.writeUInt16BE(2 + Buffer.byteLength(text));
  const [start, frame, scan] = ["ffd8fffe", "ffc0000b080001000101011100", "ffda0008010100003f00aaffd9"];
  return Buffer.concat([Buffer.from(start, "hex"), comment, Buffer.from(text), Buffer.from(frame + scan, "hex")]);
}

/** As with the setting `thumbnail`. */
export const ONE_SIZE = { method: "fit", width: 150, height: 150, format: "original", folder: "" } as const;

/** What TinyPNG makes: {@link thumbnailOf}, with what its bytes say. */
export const pictureOf = (text: string): Resized => ({
  bytes: thumbnailOf(text),
  type: "image/jpeg",
  width: 1,
  height: 1,
});

/** What a thumbnail of {@link thumbnailOf} tells; other bytes as they are. */
export function textOf(bytes: Buffer | undefined): string | undefined {
  return bytes?.readUInt16BE(0) === 0xffd8 ? bytes.toString("utf8", 6, 4 + bytes.readUInt16BE(4)) : bytes?.toString();
}
