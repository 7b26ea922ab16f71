// GetObjectAttributes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html

import { readVersionId } from "../access";
import { checksumElement } from "../body/checksums";
import { type Call, type Operation, sendXml, setVersionId } from "../call";
import { invalidArgument } from "../errors";
import type { StoredObject } from "../store/types";
import type { XmlElement } from "../xml";
import { checkDecryption } from "./encryption";

const ATTRIBUTES = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];
const MAX_PARTS = 1000;

export const getObjectAttributes: Operation = ({ access }, call) => {
  const { bucket, key, context, query, response } = call;
  const versionId = readVersionId(bucket, query.get("versionId"));
  const object = access.readObject(context, "s3:GetObject", bucket, key, versionId);
  access.readObject(context, "s3:GetObjectAttributes", bucket, key, versionId);
  checkDecryption(object, context.caller);
  const asked = readAttributes(call);
  const has = (name: string) => asked.includes(name);
  setVersionId(response, bucket, object);
  response.setHeader("last-modified", object.lastModified.toUTCString());
  const { algorithm, value, type } = object.checksum;
  sendXml(response, "GetObjectAttributesResponse", {
    ETag: has("ETag") ? object.etag : undefined,
    Checksum: has("Checksum") ? { [checksumElement(algorithm)]: value, ChecksumType: type } : undefined,
    ObjectParts: has("ObjectParts") ? partsOf(object, call) : undefined,
    StorageClass: has("StorageClass") ? "STANDARD" : undefined,
    ObjectSize: has("ObjectSize") ? object.size : undefined,
  });
};

function readAttributes({ header }: Call): string[] {
  const value = header("x-amz-object-attributes") ?? "";
  const asked = value.split(",").map((each) => each.trim());
  if (asked.every((name) => ATTRIBUTES.includes(name))) return asked;
  throw invalidArgument("Invalid attribute name specified.", "x-amz-object-attributes", value);
}

/** Only an upload that was created with an algorithm has a list of its parts. */
function partsOf({ partSizes, partChecksums, checksum }: StoredObject, call: Call): XmlElement | undefined {
  if (partSizes === undefined) return undefined;
  if (partChecksums === undefined) return { PartsCount: partSizes.length };
  const marker = readNumber(call, "x-amz-part-number-marker", 0);
  const maxParts = Math.min(readNumber(call, "x-amz-max-parts", MAX_PARTS), MAX_PARTS);
  const last = Math.min(marker + maxParts, partSizes.length);
  const isTruncated = last < partSizes.length;
  return {
    PartsCount: partSizes.length,
    PartNumberMarker: marker,
    NextPartNumberMarker: last,
    MaxParts: maxParts,
    IsTruncated: isTruncated,
    Part: partSizes.slice(marker, last).map((Size, index) => ({
      PartNumber: marker + index + 1,
      Size,
      [checksumElement(checksum.algorithm)]: partChecksums[marker + index],
    })),
  };
}

function readNumber({ header }: Call, name: string, usual: number): number {
  const value = header(name);
  if (value === undefined) return usual;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, value);
}
