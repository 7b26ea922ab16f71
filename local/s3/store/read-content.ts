// Content on its way out: into a response with back-pressure, or chunk by chunk for whoever needs to see every byte.

import { createReadStream } from "node:fs";
import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Content } from "./content";

const READ_BYTES = 256 * 1024;

/** Sends a range and ends the response; a client that disconnects early is not an error. */
export async function sendContent(content: Content, start: number, end: number, response: ServerResponse) {
  content.retain();
  try {
    const pieces = content.pieces(start, end);
    if (pieces.every((piece) => "buffer" in piece)) {
      // In one write with the headers; what is in memory anyway needs no back-pressure.
      response.cork();
      for (const { buffer } of pieces) response.write(buffer);
      response.end();
    } else await pipeline(readContent(content, start, end), response);
  } catch (error) {
    if (!response.destroyed) throw error;
  } finally {
    content.release();
  }
}

/** The bytes of a range; closes its file when the consumer stops early. */
export async function* readContent(content: Content, start = 0, end = content.size): AsyncGenerator<Buffer> {
  for (const piece of content.pieces(start, end)) {
    if ("buffer" in piece) yield piece.buffer;
    else yield* createReadStream(piece.path, { start: piece.start, end: piece.end - 1, highWaterMark: READ_BYTES });
  }
}
