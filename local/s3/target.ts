// Which bucket and key a request names, in path style (`/bucket/key`) or as a virtual host (`bucket.localhost`):
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html

import { AwsError } from "../aws-error";

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
  const key = decode(virtual === undefined ? rest : path.slice(1));
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
    const fields = { Size: Buffer.byteLength(key), MaxSizeAllowed: MAX_KEY_BYTES };
    throw new AwsError("KeyTooLongError", "Your key is too long", 400, fields);
  }
  return { ...(bucket === "" ? {} : { bucket }), ...(key === "" ? {} : { key }) };
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
