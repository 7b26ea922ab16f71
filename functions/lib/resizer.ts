// The resizer of the zip: TinyPNG. With the setting `resizer: account`, stack/bundle.ts takes resizer.account.ts instead.

import { SSMClient } from "@aws-sdk/client-ssm";
import { CLIENT_CONFIGURATION } from "./client-configuration";
import { requiredEnvironment } from "./environment";
import { MAX_PHOTO_BYTES } from "./photo-bytes";
import type { Resize } from "./resize";
import { createResize } from "./tinypng";
import { createTinypngKey } from "./tinypng-key";

/** Five of the largest, which leaves 192 of 512 MB to work in. */
export const PHOTO_MEMORY_BYTES = 5 * MAX_PHOTO_BYTES;

/** Makes what resizes photos, as the environment configures it. */
export function createResizer(): Resize {
  const key = createTinypngKey(new SSMClient(CLIENT_CONFIGURATION), requiredEnvironment("TINYPNG_KEY_PARAMETER"));
  return createResize(key);
}
