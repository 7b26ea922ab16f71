// Photos as files of a test's own.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
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

/** How a photo of an iPhone begins. */
export const HEIC = Buffer.concat([
  Buffer.from("\0\0\0\x24ftypheic\0\0\0\0mif1MiHEMiPrmiafMiHB", "latin1"),
  Buffer.alloc(2000, "heic"),
]);

/** Of 16001×16000 pixels, which are more than TinyPNG takes, as far as its head says. */
export function largePng(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(16_001, 0);
  header.writeUInt32BE(16_000, 4);
  header.writeUInt8(1, 8);
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    checksum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, checksum]);
  };
  const end = chunk("IEND", Buffer.alloc(0));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync("")),
    end,
  ]);
}

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
