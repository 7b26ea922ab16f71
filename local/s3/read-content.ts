// Content on its way out: into a response with back-pressure, or chunk by chunk for who needs to see every byte.

import { createReadStream } from "node:fs";
import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Content } from "./content";

const READ_BYTES = 256 * 1024;

/** Sends a range and ends the response; a client that leaves early is no error. */
export async function sendContent(content: Content, start: number, end: number, response: ServerResponse) {
  content.retain();
  try {
    const [only, ...more] = content.pieces(start, end);
    if (only === undefined) response.end();
    else if ("buffer" in only && more.length === 0) response.end(only.buffer);
    else await pipeline(readContent(content, start, end), response);
  } catch (error) {
    if (!response.destroyed) throw error;
  } finally {
    content.release();
  }
}

/** The bytes of a range; closes its file when it is left early. */
export async function* readContent(content: Content, start = 0, end = content.size): AsyncGenerator<Buffer> {
  for (const piece of content.pieces(start, end)) {
    if ("buffer" in piece) yield piece.buffer;
    else yield* createReadStream(piece.path, { start: piece.start, end: piece.end - 1, highWaterMark: READ_BYTES });
  }
}
