// Reads a whole request body into memory, up to a limit.

import type { IncomingMessage } from "node:http";
import { AwsError } from "../aws-error";

export interface ReadBodyOptions {
  /** Bytes. */
  readonly limit: number;
  /** Called before the first byte is read, and not at all when the body is known to be too large. */
  readonly onStart: () => void;
}

/** Resolves with the body; throws 413 as soon as it is known to be larger than the limit. */
export async function readBody(request: IncomingMessage, { limit, onStart }: ReadBodyOptions): Promise<Buffer> {
  const tooLarge = () =>
    new AwsError("RequestEntityTooLargeException", `Request must be smaller than ${limit} bytes`, 413);
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge();
  onStart();
  const chunks: Buffer[] = [];
  let length = 0;
  // The stream stays open after an early return: the response still has to leave on its socket.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += (chunk as Buffer).length;
    if (length > limit) throw tooLarge();
    chunks.push(chunk as Buffer);
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length);
}
