// Object tags: their two written forms and their limits:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html

import { AwsError } from "../aws-error";
import { invalidArgument } from "./errors";
import { element, elements, parseXml, requiredText } from "./xml";

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
const MAX_TAGS = 10;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html */
export const MAX_BUCKET_TAGS = 50;
const MAX_KEY_CHARACTERS = 128;
const MAX_VALUE_CHARACTERS = 256;

export type Tags = ReadonlyMap<string, string>;

/** Tags of an `x-amz-tagging` header: `key=value&…`, percent-encoded. */
export function parseTaggingHeader(header: string | undefined): Tags {
  if (header === undefined || header === "") return new Map();
  const malformed = () =>
    invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      "x-amz-tagging",
      header,
    );
  const pairs = [...new URLSearchParams(header)];
  if (new Set(pairs.map(([key]) => key)).size !== pairs.length) throw malformed();
  return checkTags(pairs.map(([Key, Value]) => ({ Key, Value })));
}

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** What a `Tagging` document says, unchecked. */
export const readTaggingDocument = (document: string): Tag[] =>
  elements(element(parseXml(document, "Tagging"), "TagSet"), "Tag").map((tag) => ({
    Key: requiredText(tag, "Key"),
    Value: requiredText(tag, "Value"),
  }));

/** Tags of an object's `Tagging` document. */
export const parseTaggingDocument = (document: string): Tags => checkTags(readTaggingDocument(document));

/** @param most how many there may be */
export function checkTags(tags: readonly Tag[], most = MAX_TAGS): Tags {
  const pairs = tags.map(({ Key, Value }) => [Key, Value] as const);
  if (new Set(pairs.map(([key]) => key)).size !== pairs.length) {
    throw invalidTag("Cannot provide multiple Tags with the same key");
  }
  if (pairs.length > most) {
    const what = most === MAX_TAGS ? "Object" : "Bucket";
    throw new AwsError("BadRequest", `${what} tags cannot be greater than ${most}`, 400);
  }
  for (const [key, value] of pairs) {
    if (key.length === 0 || key.length > MAX_KEY_CHARACTERS || !ALLOWED.test(key)) {
      throw invalidTag("The TagKey you have provided is invalid", { TagKey: key });
    }
    if (key.toLowerCase().startsWith("aws:")) throw invalidTag("Your TagKey cannot be prefixed with aws:");
    if (value.length > MAX_VALUE_CHARACTERS || !ALLOWED.test(value)) {
      throw invalidTag("The TagValue you have provided is invalid", { TagKey: key, TagValue: value });
    }
  }
  return new Map(pairs);
}

const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const invalidTag = (message: string, fields: Record<string, string> = {}) =>
  new AwsError("InvalidTag", message, 400, fields);
