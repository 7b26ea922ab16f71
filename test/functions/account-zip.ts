// The zip of CreateThumbnail with the setting `resizer: account`, unpacked as Lambda unpacks it.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { createAccountResize } from "../../functions/lib/account-resize";
import type { Resize, Resized } from "../../functions/lib/resize";
import type { Size } from "../../functions/lib/size";
import { bundleFunctions } from "../../stack/bundle";

export type ResizeToOne = (photo: Buffer, signal: AbortSignal) => Promise<Resized>;

export interface UnpackedZip {
  /** LAMBDA_TASK_ROOT. */
  readonly directory: string;
  /** The resizer in it, as the function with 512 MB makes it. */
  resizer(deadlineMs?: number): Resize;
  /** The same, for one picture in the photo's format. */
  resizerTo(size?: Size, deadlineMs?: number): ResizeToOne;
  remove(): void;
}

export async function unpackAccountZip(): Promise<UnpackedZip> {
  const { CreateThumbnail } = await bundleFunctions({ resizer: "account" });
  const directory = mkdtempSync(join(tmpdir(), "account-zip-"));
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of Object.entries(unzipSync(readFileSync(CreateThumbnail.zipFile)))) {
    writeFileSync(join(directory, name), content);
  }
  const resizer = (deadlineMs?: number) =>
    createAccountResize({ workerFile: join(directory, "resize-worker.mjs"), heapMegabytes: 320, deadlineMs });
  return {
    directory,
    resizer,
    resizerTo(size = { method: "fit", width: 150, height: 150 }, deadlineMs = undefined) {
      const resize = resizer(deadlineMs);
      return async (photo, signal) => (await resize(photo, [{ ...size, format: "original" }], signal))[0] as Resized;
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}
