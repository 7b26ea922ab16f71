// ListObjects and ListObjectsV2: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html

import { hasAcls } from "../acl/decide";
import { ownerElement } from "../acl/owners";
import { type Call, type Operation, type State, sendXml } from "../call";
import { invalidArgument } from "../errors";
import { formEncode } from "../events";
import type { Bucket, StoredObject, Version } from "../store/types";
import { currentObjects } from "../store/versions";
import type { XmlElement } from "../xml";
import { listPage } from "./page";

const MAX_KEYS = 1000;

export const listObjectsV2: Operation = (state, call) => {
  const asked = readListing(state, call);
  const token = call.query.get("continuation-token");
  const startAfter = call.query.get("start-after") ?? "";
  const after = token === null ? startAfter : decodeToken(token);
  const page = listPage(currentObjects(call.bucket), { ...asked, after });
  const { encode } = asked;
  const hasOwner = call.query.get("fetch-owner") === "true";
  sendXml(call.response, "ListBucketResult", {
    Name: call.bucket.name,
    Prefix: encode(asked.prefix),
    Delimiter: asked.delimiter === "" ? undefined : encode(asked.delimiter),
    MaxKeys: asked.maxKeys,
    EncodingType: asked.encodingType,
    KeyCount: page.items.length + page.commonPrefixes.length,
    StartAfter: startAfter === "" ? undefined : encode(startAfter),
    IsTruncated: page.isTruncated,
    ContinuationToken: token ?? undefined,
    NextContinuationToken: page.isTruncated && page.last !== undefined ? encodeToken(page.last) : undefined,
    Contents: page.items.map((object) =>
      describeObject(object, encode, hasOwner ? ownerOf(call.bucket, object) : undefined),
    ),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
};

export const listObjects: Operation = (state, call) => {
  const asked = readListing(state, call);
  const marker = call.query.get("marker") ?? "";
  const page = listPage(currentObjects(call.bucket), { ...asked, after: marker });
  const { encode } = asked;
  // S3 gives NextMarker only with a delimiter; without one the last key serves.
  const nextMarker = page.isTruncated && asked.delimiter !== "" ? page.last : undefined;
  sendXml(call.response, "ListBucketResult", {
    Name: call.bucket.name,
    Prefix: encode(asked.prefix),
    Marker: encode(marker),
    NextMarker: nextMarker === undefined ? undefined : encode(nextMarker),
    Delimiter: asked.delimiter === "" ? undefined : encode(asked.delimiter),
    MaxKeys: asked.maxKeys,
    EncodingType: asked.encodingType,
    IsTruncated: page.isTruncated,
    Contents: page.items.map((object) => describeObject(object, encode, ownerOf(call.bucket, object))),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
};

/** What every listing of a bucket asks for, allowed by `action`. */
export function readListing({ access }: State, { query, bucket, context }: Call, action = "s3:ListBucket") {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const maxKeys = readLimit(query, "max-keys", MAX_KEYS);
  const conditions: Record<string, string> = {};
  for (const name of ["prefix", "delimiter", "max-keys"]) {
    const value = query.get(name);
    if (value !== null) conditions[`s3:${name}`] = value;
  }
  access.authorize(context, action, bucket, undefined, conditions);
  return { prefix, delimiter, maxKeys, ...readEncoding(query) };
}

/** The encoding that a listing's keys are written in; `url` is S3's only one. */
export function readEncoding(query: URLSearchParams) {
  const encodingType = query.get("encoding-type") ?? undefined;
  if (encodingType !== undefined && encodingType !== "url") {
    throw invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", encodingType);
  }
  return { encodingType, encode: encodingType === "url" ? formEncode : (text: string) => text };
}

/** A number of the query, at most what S3 gives at once. */
export function readLimit(query: URLSearchParams, name: string, maximum: number): number {
  const value = query.get(name);
  if (value === null || value === "") return maximum;
  if (!/^\d{1,10}$/.test(value) || Number(value) > 2 ** 31 - 1) {
    const isNegative = /^-\d+$/.test(value);
    const message = isNegative
      ? `Argument ${name} must be an integer between 0 and 2147483647`
      : `Provided ${name} not an integer or within integer range`;
    throw invalidArgument(message, name, value);
  }
  return Math.min(maximum, Number(value));
}

/** An object in a listing. */
export const describeObject = (
  object: StoredObject,
  encode: (text: string) => string,
  owner?: XmlElement,
): XmlElement => ({
  Key: encode(object.key),
  LastModified: object.lastModified.toISOString(),
  ETag: `"${object.etag}"`,
  ChecksumAlgorithm: object.checksum.algorithm,
  ChecksumType: object.checksum.type,
  Size: object.size,
  Owner: owner,
  StorageClass: "STANDARD",
});

/** The owner of a version. */
export const ownerOf = (bucket: Bucket, version: Version): XmlElement =>
  ownerElement((version.kind === "object" && hasAcls(bucket) ? version.acl?.owner : undefined) ?? bucket.owner);

export const encodeToken = (last: string) => Buffer.from(last).toString("base64url");

export function decodeToken(token: string): string {
  const last = Buffer.from(token, "base64url").toString();
  if (token === "" || encodeToken(last) !== token) {
    throw invalidArgument("The continuation token provided is incorrect", "continuation-token", token);
  }
  return last;
}
