// Bodies that their sender has compressed: a few bytes may become very many, so that what comes out is bounded as well.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-compression.html

import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import { AwsError } from "../aws-error";

const DECODERS = new Map([
  ["gzip", promisify(gunzip)],
  ["deflate", promisify(inflate)],
]);

/**
 * Resolves with the body as it was before its sender compressed it. AWS calls what it cannot decode an error of its own.
 * @param encoding the header Content-Encoding
 * @param limit bytes that the result may have
 */
export async function decodeBody(body: Buffer, encoding: string, limit: number): Promise<Buffer> {
  const decode = DECODERS.get(encoding.toLowerCase());
  if (decode === undefined) {
    throw undecodable(`Content-Encoding must be one of ${[...DECODERS.keys()].join(", ")} (given ${encoding})`);
  }
  try {
    return await decode(body, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_BUFFER_TOO_LARGE") {
      throw undecodable(`The request body is not what Content-Encoding says (given ${encoding})`);
    }
    throw new AwsError("RequestEntityTooLargeException", `Request must be smaller than ${limit} bytes`, 413);
  }
}

const undecodable = (message: string) => new AwsError("InternalServerError", message, 500);
