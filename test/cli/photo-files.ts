// Photos as files of a test's own.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";

/** A small JPEG; the colour tells one from another. */
export const jpeg = (background = "#2040c0"): Promise<Buffer> =>
  sharp({ create: { width: 300, height: 200, channels: 3, background } })
    .jpeg()
    .toBuffer();

/** Of all formats its damage is the hardest to notice: each of its passes covers the whole picture. */
export const interlacedPng = (): Promise<Buffer> =>
  sharp({ create: { width: 300, height: 200, channels: 3, background: "#2040c0" } })
    .png({ progressive: true })
    .toBuffer();

export interface Files {
  readonly folder: string;
  /** Writes a file, and the folders that it needs; returns its path. */
  write(name: string, content: string | Buffer): string;
  remove(): void;
}

export function createFiles(): Files {
  const folder = mkdtempSync(join(tmpdir(), "cli-test-photos-"));
  return {
    folder,
    write(name, content) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
