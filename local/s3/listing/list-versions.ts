// ListObjectVersions: every version and delete marker, newest first within a key:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html

import { type Call, type Operation, sendXml } from "../call";
import { invalidArgument } from "../errors";
import type { Version } from "../store/types";
import { isVersionId, versionsOf } from "../store/versions";
import type { XmlElement } from "../xml";
import { describeObject, ownerOf, readListing } from "./list-objects";
import { listPage } from "./page";

export const listObjectVersions: Operation = (state, call) => {
  const asked = readListing(state, call, "s3:ListBucketVersions");
  const { keyMarker, versionIdMarker } = readMarkers(call);
  const { bucket } = call;
  // The page begins behind the marked version, also when it is gone: then with the next key.
  const marked = versionsOf(bucket, keyMarker).findIndex(({ versionId }) => versionId === versionIdMarker);
  const rest = new Set(marked === -1 ? [] : versionsOf(bucket, keyMarker).slice(marked + 1));
  const all = [...bucket.versions.values()].flat();
  const page = listPage(all, { ...asked, after: keyMarker }, (version) => rest.has(version));
  const { encode } = asked;
  const last = page.items.at(-1);
  const describe = (version: Version): XmlElement => describeVersion(version, encode, ownerOf(bucket, version), call);
  sendXml(call.response, "ListVersionsResult", {
    Name: bucket.name,
    Prefix: encode(asked.prefix),
    KeyMarker: encode(keyMarker),
    VersionIdMarker: versionIdMarker,
    NextKeyMarker: page.isTruncated && page.last !== undefined ? encode(page.last) : undefined,
    // A page that ends with a common prefix goes on behind all keys under it.
    NextVersionIdMarker: page.isTruncated && last?.key === page.last ? last?.versionId : undefined,
    Delimiter: asked.delimiter === "" ? undefined : encode(asked.delimiter),
    MaxKeys: asked.maxKeys,
    EncodingType: asked.encodingType,
    IsTruncated: page.isTruncated,
    Version: page.items.filter(({ kind }) => kind === "object").map(describe),
    DeleteMarker: page.items.filter(({ kind }) => kind === "delete marker").map(describe),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
};

function readMarkers({ query }: Call) {
  const keyMarker = query.get("key-marker") ?? "";
  const versionIdMarker = query.get("version-id-marker") ?? undefined;
  if (versionIdMarker === undefined) return { keyMarker };
  if (keyMarker === "") {
    const message = "A version-id marker cannot be specified without a key marker.";
    throw invalidArgument(message, "version-id-marker", versionIdMarker);
  }
  if (!isVersionId(versionIdMarker)) {
    throw invalidArgument("Invalid version id specified", "version-id-marker", versionIdMarker);
  }
  return { keyMarker, versionIdMarker };
}

function describeVersion(
  version: Version,
  encode: (text: string) => string,
  owner: XmlElement,
  { bucket }: Call,
): XmlElement {
  const { key, versionId, lastModified } = version;
  const which = { VersionId: versionId, IsLatest: versionsOf(bucket, key)[0] === version };
  if (version.kind === "object") return { ...describeObject(version, encode, owner), ...which };
  return { Key: encode(key), ...which, LastModified: lastModified.toISOString(), Owner: owner };
}
