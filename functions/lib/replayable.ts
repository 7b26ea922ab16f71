// What a failure record keeps of an event: all that a replay needs, and nothing else of the person. A change of a profile
// comes with the whole item, name and all, and an upload with the address that it came from.

import type { AttributeValue, DynamoDBRecord, S3EventRecord } from "aws-lambda";
import { THUMBNAIL_ATTRIBUTE } from "./profile-thumbnail";

/** Those that the pipeline writes, and the key. */
const ATTRIBUTES = ["id", "image", "imageETag", "imageVersion", "imageSequencer", THUMBNAIL_ATTRIBUTE];

type Item = Record<string, AttributeValue>;
type Upload = Omit<S3EventRecord, "userIdentity" | "requestParameters" | "responseElements">;

/** An upload without who sent it, and from where. */
export function replayableUpload({ s3, ...record }: S3EventRecord): Upload {
  const { userIdentity: _who, requestParameters: _where, responseElements: _response, ...rest } = record;
  return { ...rest, s3 };
}

/** A change with the image's attributes alone. */
export function replayableChange({ dynamodb, userIdentity: _who, ...record }: DynamoDBRecord): DynamoDBRecord {
  if (dynamodb === undefined) return record;
  const { NewImage, OldImage, SizeBytes: _size, ...change } = dynamodb;
  return {
    ...record,
    dynamodb: {
      ...change,
      ...(OldImage && { OldImage: imageIn(OldImage) }),
      ...(NewImage && { NewImage: imageIn(NewImage) }),
    },
  };
}

const imageIn = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).filter(([name]) => ATTRIBUTES.includes(name)));
