// Which bucket and key a request names, in path style (`/bucket/key`) or as a virtual host (`bucket.localhost`):
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html

import { AwsError } from "../aws-error";
import { badRequest } from "./errors";

const MAX_KEY_BYTES = 1024;

export interface Target {
  readonly bucket?: string;
  /** Decoded. */
  readonly key?: string;
}

/**
 * @param host the Host header, with or without a port
 * @param path the path as sent, without the query
 */
export function parseTarget(host: string | undefined, path: string): Target {
  const virtual = bucketOfHost(host);
  const [, first = "", rest = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  const bucket = virtual ?? decode(first);
  return targetOf(bucket, decode(virtual === undefined ? rest : path.slice(1)));
}

/**
 * The source of a copy, `bucket/key`: form-encoded as a whole, so that its plus is a space.
 * @param source the header `x-amz-copy-source` without its version
 */
export function parseCopySource(source: string): Target {
  const [, bucket = "", key = ""] = /^\/?([^/]*)\/?(.*)$/s.exec(decode(source.replaceAll("+", "%20"))) ?? [];
  return targetOf(bucket, key);
}

const targetOf = (bucket: string, key: string): Target => ({
  ...(bucket === "" ? {} : { bucket }),
  ...(key === "" ? {} : { key: checkKey(key) }),
});

/** Returns a decoded key; refuses one that is too long, or whose steps back lead out of the bucket. */
export function checkKey(key: string): string {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
    const fields = { Size: Buffer.byteLength(key), MaxSizeAllowed: MAX_KEY_BYTES };
    throw new AwsError("KeyTooLongError", "Your key is too long", 400, fields);
  }
  if (leavesBucket(key)) throw badRequest();
  return key;
}

/** Whether, counted from the left, `..` outnumber the names: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
function leavesBucket(key: string): boolean {
  let depth = 0;
  for (const segment of key.split("/")) {
    if (segment === "..") depth -= 1;
    else if (segment !== "" && segment !== ".") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

/** The bucket in front of `localhost`, `s3.localhost`, `s3.eu-west-1.localhost` or AWS's own endpoints. */
export function bucketOfHost(host: string | undefined): string | undefined {
  const name = host?.replace(/:\d+$/, "").toLowerCase() ?? "";
  const service = /^(?:(.+)\.)?s3(?:[.-][a-z0-9-]+)?\.(?:localhost|amazonaws\.com)$/.exec(name);
  return service === null ? /^(.+)\.localhost$/.exec(name)?.[1] : service[1];
}

/** A plus in a path is a plus. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError("InvalidURI", "Couldn't parse the specified URI.", 400, { URI: text });
  }
}
