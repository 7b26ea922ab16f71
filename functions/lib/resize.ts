// What resizes photos, whoever does it: TinyPNG, or the function itself.

import type { Picture } from "./picture";

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
 * Resizes a photo, which it may take for itself: its bytes are not to be read afterwards. Every error but
 * {@link UnusablePhoto} and {@link ConfigurationFault} may be gone at the next try. When the signal is aborted it ends,
 * and frees the photo.
 */
export type Resize = (photo: Buffer, signal: AbortSignal) => Promise<Resized>;
