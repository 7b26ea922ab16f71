// What resizes photos, whoever does it: TinyPNG, or the function itself.

import type { Picture } from "./picture";
import type { FormattedSize } from "./size";

/** No thumbnail can be made of this photo, however often it is tried: no image, a damaged one, an unknown type. */
export class UnusablePhoto extends Error {
  override readonly name = "UnusablePhoto";
}

/** No photo is at fault, so none may be given up: somebody must fix the configuration. */
export class ConfigurationFault extends Error {}

/** A picture as its bytes say, whatever the upload was called. */
export interface Resized extends Picture {
  readonly bytes: Uint8Array;
}

/**
 * Makes pictures of a photo, one in each size and in their order. It may take the photo for itself: its bytes are not to be
 * read afterwards. Every error but {@link UnusablePhoto} and {@link ConfigurationFault} may be gone at the next try. When the
 * signal is aborted it ends, and frees the photo.
 */
export type Resize = (
  photo: Buffer,
  sizes: readonly FormattedSize[],
  signal: AbortSignal,
) => Promise<readonly Resized[]>;
