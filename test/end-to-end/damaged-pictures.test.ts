// Damaged pictures end as thumbnails or failure records, and the functions live on; bench/fuzz-pictures.ts has a thousand.

import { synthesize } from "../../cli/synthesize";
import { startPipeline } from "../../pipeline";
import { RESIZERS } from "../../stack/settings/types";
import { runPictures } from "../fuzz/pictures";
import { synthesizedStack } from "../pipeline";

const SYNTHESIZED_ALREADY = { directory: synthesizedStack(), remove() {} };

/** Every second one starts libvips twice anew; `npm run test:pictures` has more. */
const PICTURES = Number(process.env.DAMAGED_PICTURES ?? 12);

it.each(RESIZERS)(
  "by %s of each damaged picture there is a thumbnail, or a record that says what is wrong",
  async (resizer) => {
    const stack =
      resizer === "account" ? await synthesize(undefined, { PROFILE_IMAGE_RESIZER: resizer }) : SYNTHESIZED_ALREADY;
    const pipeline = await startPipeline(stack.directory, 0).finally(stack.remove);
    try {
      const { thumbnails, records, faults } = await runPictures(pipeline, PICTURES, 3);
      expect(faults).toEqual([]);
      expect({ thumbnails, records }).toEqual({ thumbnails: expect.any(Number), records: PICTURES - thumbnails });
      expect(Math.min(thumbnails, records)).toBeGreaterThan(0);
    } finally {
      await pipeline.close();
    }
  },
  60_000 + 3_000 * PICTURES,
);
