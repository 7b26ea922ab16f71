// Small bodies, in memory while they are the newest. Beyond so many bytes together the oldest move to files in the
// background: a photo is read within moments of its upload, so that the pipeline hardly meets one that has moved, and
// memory does not grow with all that was ever stored.

import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Piece, piecesOfParts } from "./pieces";

/** One body's bytes, wherever they are at the moment. */
export interface Body {
  pieces(start: number, end: number): Piece[];
  free(): void;
}

interface Held {
  readonly size: number;
  readonly chunks: readonly Buffer[];
  path?: string;
}

/**
 * Creates the holder of bodies.
 * @param removeFile called with each file that is no longer needed
 */
export function createNewestBodies(directory: string, maxBytes: number, removeFile: (path: string) => void) {
  /** Those in memory, the oldest first. */
  const held = new Set<Held>();
  let bytes = 0;
  let moving: Promise<void> | undefined;

  async function moveOldest(): Promise<void> {
    while (bytes > maxBytes) {
      const [oldest] = held;
      if (oldest === undefined || !(await move(oldest))) return;
    }
  }

  /** @returns whether there is room for files; a body that finds none stays where it is */
  async function move(body: Held): Promise<boolean> {
    const path = join(directory, randomUUID());
    try {
      await writeFile(path, body.chunks, { flag: "wx", mode: 0o600 });
    } catch {
      removeFile(path);
      return false;
    }
    if (!forget(body)) {
      removeFile(path); // The body was released meanwhile.
      return true;
    }
    Object.assign(body, { path, chunks: [] });
    return true;
  }

  function forget(body: Held): boolean {
    if (!held.delete(body)) return false;
    bytes -= body.size;
    return true;
  }

  return {
    /** @param chunks as they came: joining them would copy every photo once more, into fresh memory */
    add(chunks: readonly Buffer[], size: number): Body {
      const body: Held = { size, chunks };
      held.add(body);
      bytes += size;
      if (bytes > maxBytes)
        moving ??= moveOldest().finally(() => {
          moving = undefined;
        });
      return {
        pieces: (start, end) =>
          body.path === undefined
            ? piecesOfParts(body.chunks.map(partOf), start, end)
            : [{ path: body.path, start, end }],
        free() {
          if (!forget(body) && body.path !== undefined) removeFile(body.path);
        },
      };
    },
    /** Resolves when no body is being moved. */
    settled: async () => moving,
  };
}

const partOf = (buffer: Buffer) => ({
  size: buffer.length,
  pieces: (start: number, end: number) => [{ buffer: buffer.subarray(start, end) }],
});
