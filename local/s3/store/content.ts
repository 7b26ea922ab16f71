// The bytes of objects: immutable, counted by their users, in memory while small and new, then in files of one temporary
// directory; all in files of a directory that is kept, where there is one. Joining parts and copying objects share bytes
// instead of copying them.

import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataError } from "../../data/data-error";
import { createNewestBodies } from "./newest-bodies";
import { type FileRange, type Pieced, piecesOfParts } from "./pieces";

/** A body up to this size begins in memory: no file system call on the way of a photo. */
const MEMORY_BODY_BYTES = 1024 * 1024;
/** All bodies in memory together; beyond it the oldest become files, whose photos were processed long ago. */
const MEMORY_TOTAL_BYTES = 16 * 1024 * 1024;
/** Bytes collected before one write to a file. */
const WRITE_BYTES = 1024 * 1024;

/** Bytes that never change. Whoever keeps them retains them, and releases them once. */
export interface Content extends Pieced {
  retain(): Content;
  release(): void;
}

/** Takes the bytes of one body as they arrive. */
export interface ContentWriter {
  /** Resolves when more may come; holds at most one write's worth of bytes. */
  write(chunk: Buffer): Promise<void>;
  finish(): Promise<Content>;
  /** Forgets everything written; harmless after `finish`. */
  discard(): Promise<void>;
}

export type ContentStore = ReturnType<typeof createContentStore>;

/**
 * Creates the store of bytes.
 * @param keptDirectory where they are kept; without one they are in memory and in a directory that lives until `close`
 * @param onDirectory called with that directory
 */
export function createContentStore(onDirectory: (path: string) => void, keptDirectory?: string) {
  const directory = keptDirectory ?? mkdtempSync(join(tmpdir(), `embedded-s3-${process.pid}-`));
  if (keptDirectory === undefined) onDirectory(directory);
  const removals = new Set<Promise<void>>();
  /** Of the files that were there, until those that nothing refers to are removed. */
  const restored = new Map<string, Content>();

  function removeFile(path: string): void {
    const removal = rm(path, { force: true }).finally(() => removals.delete(removal));
    removals.add(removal);
  }

  const newest = createNewestBodies(directory, MEMORY_TOTAL_BYTES, removeFile);

  function inMemory(chunks: readonly Buffer[], size: number): Content {
    const { pieces, free } = newest.add(chunks, size);
    return counted(size, pieces, free);
  }

  const fileContent = (path: string, size: number): Content =>
    counted(
      size,
      (start, end) => [{ path, start, end }],
      () => removeFile(path),
    );

  return {
    writer(): ContentWriter {
      let pending: Buffer[] = [];
      let pendingBytes = 0;
      let size = 0;
      let path: string | undefined;
      let file: FileHandle | undefined;

      async function flush(): Promise<void> {
        path ??= join(directory, randomUUID());
        file ??= await open(path, "wx", 0o600);
        const { bytesWritten } = await file.writev(pending);
        if (bytesWritten !== pendingBytes) throw new Error(`wrote ${bytesWritten} of ${pendingBytes} bytes to ${path}`);
        pending = [];
        pendingBytes = 0;
      }

      return {
        async write(chunk) {
          pending.push(chunk);
          pendingBytes += chunk.length;
          size += chunk.length;
          if (pendingBytes > WRITE_BYTES) await flush();
        },
        async finish() {
          const isSmall = file === undefined && size <= MEMORY_BODY_BYTES && keptDirectory === undefined;
          if (size === 0 || isSmall) return inMemory(pending, size);
          if (pendingBytes > 0) await flush();
          await file?.close();
          file = undefined;
          const written = path ?? "";
          path = undefined;
          return fileContent(written, size);
        },
        async discard() {
          pending = [];
          await file?.close();
          file = undefined;
          if (path !== undefined) await rm(path, { force: true });
          path = undefined;
        },
      };
    },

    /** Contents one after another, as one; retains each. */
    join: (contents: readonly Content[]): Content => joinOwned(contents.map((content) => content.retain())),

    slice,

    /** The content that was in these ranges of the kept directory's files, by their names, before a restart. */
    restore(ranges: readonly FileRange[]): Content {
      const parts = ranges.map(({ path: name, start, end }) => {
        const path = join(directory, name);
        const file = restored.get(path) ?? fileContent(path, end);
        restored.set(path, file);
        return slice(file, start, end);
      });
      return joinOwned(parts);
    },

    /**
     * Removes what was there before a restart and was not restored.
     * @throws DataError when a file is missing that was
     */
    removeUnused(): void {
      const there = new Set(readdirSync(directory).map((name) => join(directory, name)));
      for (const path of restored.keys())
        if (!there.has(path)) throw new DataError(`${path}, an object's bytes, is gone`);
      for (const path of there) if (!restored.has(path)) rmSync(path, { recursive: true });
      for (const file of restored.values()) file.release();
      restored.clear();
    },

    async close(): Promise<void> {
      await newest.settled();
      await Promise.allSettled(removals);
      if (keptDirectory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Contents one after another, as one, which releases each at its end. */
function joinOwned(parts: readonly Content[]): Content {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  return counted(
    size,
    (start, end) => piecesOfParts(parts, start, end),
    () => {
      for (const part of parts) part.release();
    },
  );
}

/** A range of another content, which it retains. */
function slice(content: Content, from: number, to: number): Content {
  const whole = content.retain();
  return counted(
    to - from,
    (start, end) => whole.pieces(from + start, from + end),
    () => whole.release(),
  );
}

/** Content with one user, which frees its bytes when the last user is gone. */
function counted(size: number, pieces: Content["pieces"], free: () => void): Content {
  let users = 1;
  const content: Content = {
    size,
    pieces,
    retain() {
      users += 1;
      return content;
    },
    release() {
      users -= 1;
      if (users === 0) free();
    },
  };
  return content;
}
