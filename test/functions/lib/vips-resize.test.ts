// How often libvips opens a photo, whatever it makes of it: what is decoded can be read only once.

import sharp from "sharp";
import Vips from "wasm-vips";
import type { FormattedSize } from "../../../functions/lib/size";
import { createVipsResize } from "../../../functions/lib/vips-resize";

const HEAP_BYTES = 320_000_000;
const SIZES: readonly FormattedSize[] = [
  { method: "fit", width: 150, height: 150, format: "original" },
  { method: "cover", width: 64, height: 64, format: "webp" },
  { method: "thumb", width: 100, height: 50, format: "png" },
];

it.each([1, 2, 3])("makes %i pictures of a photo from one decode", async (count) => {
  const vips = await Vips({ dynamicLibraries: [] });
  const resize = createVipsResize(vips, HEAP_BYTES);
  let opened = 0;
  vips.Image.newFromSource = new Proxy(vips.Image.newFromSource, {
    apply(open, image, parameters) {
      opened += 1;
      return Reflect.apply(open, image, parameters);
    },
  });
  const photo = await sharp({ create: { width: 600, height: 900, channels: 3, background: "#c04020" } })
    .jpeg()
    .toBuffer();
  expect(resize(photo, SIZES.slice(0, count))).toHaveLength(count);
  // Once for its head alone.
  expect(opened).toBe(2);
  vips.shutdown();
});
