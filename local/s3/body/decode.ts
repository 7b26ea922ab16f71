// The bytes of a request's body, whatever way they are wrapped and signed:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html#sigv4-auth-header-overview

import type { IncomingMessage } from "node:http";
import { AwsError } from "../../aws-error";
import type { RequestContext } from "../../service";
import { headerNotImplemented, incompleteBody, invalidArgument } from "../errors";
import { decodeChunks } from "./chunked";

/** The largest body of one PUT: 5 GB. */
const MAX_BODY_BYTES = 5 * 1024 ** 3;

/** What a body claims before its first byte. */
export interface BodyPlan {
  /** Bytes that the object will have. */
  readonly size: number;
  /** Hex SHA-256 to check the bytes against. */
  readonly sha256?: string;
  readonly chunked?: { readonly signed: boolean; readonly hasTrailer: boolean };
}

const MODES: ReadonlyMap<string, BodyPlan["chunked"]> = new Map([
  ["STREAMING-UNSIGNED-PAYLOAD-TRAILER", { signed: false, hasTrailer: true }],
  ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", { signed: true, hasTrailer: false }],
  ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", { signed: true, hasTrailer: true }],
]);

/** Reads the claims of a request's head; refuses what has no length or an unknown mode. */
export function planBody(request: IncomingMessage, context: RequestContext): BodyPlan {
  const mode = context.signature?.payloadHash ?? header(request, "x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD";
  const chunked = MODES.get(mode);
  if (chunked?.signed === true && context.signature === undefined) {
    throw invalidArgument("x-amz-content-sha256 names signed chunks but the request is not signed", HASH_HEADER, mode);
  }
  const isHash = /^[0-9a-f]{64}$/i.test(mode);
  if (chunked === undefined && !isHash && mode !== "UNSIGNED-PAYLOAD") {
    const message =
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, or a valid sha256 value.";
    throw invalidArgument(message, HASH_HEADER, mode);
  }
  const size = announcedSize(request, chunked === undefined ? "content-length" : "x-amz-decoded-content-length");
  return { size, ...(isHash ? { sha256: mode.toLowerCase() } : {}), ...(chunked === undefined ? {} : { chunked }) };
}

const HASH_HEADER = "x-amz-content-sha256";

function announcedSize(request: IncomingMessage, name: string): number {
  const value = header(request, name);
  if (value === undefined) {
    if (name === "content-length" && request.headers["transfer-encoding"] !== undefined) {
      throw headerNotImplemented("Transfer-Encoding");
    }
    throw new AwsError("MissingContentLength", "You must provide the Content-Length HTTP header.", 411);
  }
  if (!/^\d{1,15}$/.test(value)) throw invalidArgument(`The value of ${name} must be a number`, name, value);
  const size = Number(value);
  if (size > MAX_BODY_BYTES) {
    const fields = { ProposedSize: size, MaxSizeAllowed: MAX_BODY_BYTES };
    throw new AwsError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", 400, fields);
  }
  return size;
}

/** Yields the object's own bytes; exactly as many as planned, or the body is refused. */
export async function* decodeBody(
  request: IncomingMessage,
  context: RequestContext,
  plan: BodyPlan,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const raw = rawBody(request);
  const bytes =
    plan.chunked === undefined
      ? raw
      : decodeChunks(
          raw,
          {
            hasTrailer: plan.chunked.hasTrailer,
            ...(plan.chunked.signed && context.signature !== undefined ? { signature: context.signature } : {}),
          },
          trailers,
        );
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > plan.size) throw incompleteBody();
    yield chunk;
  }
  if (size !== plan.size) throw incompleteBody();
}

/** The body as it came; leaving early keeps the connection open for the response. */
export async function* rawBody(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* request.iterator({ destroyOnReturn: false });
  } catch (error) {
    // The sender closed the connection; nobody reads this response, but it must not look like a bug of ours.
    if (request.destroyed && !request.complete) throw incompleteBody();
    throw error;
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}
