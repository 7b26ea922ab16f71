// Conditional requests: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html

import { headerNotImplemented, noSuchKey, preconditionFailed } from "../errors";
import type { StoredObject } from "../store/types";

type Header = (name: string) => string | undefined;

/** Decides on a GET or HEAD; throws PreconditionFailed, or tells whether the client's copy is still good. */
export function checkRead(header: Header, object: StoredObject): "changed" | "not modified" {
  const ifMatch = header("if-match");
  const unmodifiedSince = parseDate(header("if-unmodified-since"));
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object)) throw preconditionFailed("If-Match");
  } else if (unmodifiedSince !== undefined && object.lastModified.getTime() > unmodifiedSince) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  const ifNoneMatch = header("if-none-match");
  const modifiedSince = parseDate(header("if-modified-since"));
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, object) ? "not modified" : "changed";
  return modifiedSince !== undefined && object.lastModified.getTime() <= modifiedSince ? "not modified" : "changed";
}

/** Decides on the source of a copy: what would be "not modified" to a reader is a failure here. */
export function checkCopySource(header: Header, object: StoredObject): void {
  const prefix = "x-amz-copy-source-";
  if (checkRead((name) => header(prefix + name), object) === "not modified") {
    const name = header(`${prefix}if-none-match`) === undefined ? "if-modified-since" : "if-none-match";
    throw preconditionFailed(prefix + name);
  }
}

/** Decides on a write against the object in its place. */
export function checkWrite(header: Header, key: string, object: StoredObject | undefined): void {
  const ifNoneMatch = header("if-none-match");
  const ifMatch = header("if-match");
  if (ifNoneMatch !== undefined && ifNoneMatch !== "*") throw headerNotImplemented("If-None-Match", ifNoneMatch);
  if (ifNoneMatch !== undefined && ifMatch !== undefined) throw headerNotImplemented("If-Match", ifMatch);
  if (ifNoneMatch !== undefined && object !== undefined) throw preconditionFailed("If-None-Match");
  if (ifMatch === undefined) return;
  if (object === undefined) throw noSuchKey(key);
  if (!matches(ifMatch, object)) throw preconditionFailed("If-Match");
}

/** Whether a list of entity tags names the object. */
export function matches(tags: string, { etag }: StoredObject): boolean {
  return tags.split(",").some((tag) => {
    const bare = tag
      .trim()
      .replace(/^W\//, "")
      .replace(/^"(.*)"$/, "$1");
    return bare === "*" || bare === etag;
  });
}

/** A date that cannot be read is not a condition. */
function parseDate(value: string | undefined): number | undefined {
  const time = value === undefined ? Number.NaN : Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}
