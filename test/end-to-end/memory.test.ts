// CreateThumbnail's memory, in a process of its own and over TLS: only there does it show what is held of a photo besides
// its bytes. More cases, which take a minute: bench/thumbnail-memory.ts.

import { MAX_PHOTO_BYTES } from "../../functions/lib/photo-bytes";
import { picture } from "../local/tinify/pictures";
import { synthesizedBundles } from "../pipeline";
import { MEMORY_MEGABYTES, startFunctionOverTls } from "./over-tls";

it("five of the largest photos fit while TinyPNG hangs, and all the same when it has to be asked again", async () => {
  const { zipFile } = synthesizedBundles().CreateThumbnail;
  const thumbnail = await picture(150, 100).jpeg().toBuffer();
  const running = await startFunctionOverTls({ zipFile, photoBytes: MAX_PHOTO_BYTES, pace: 0, thumbnail });
  try {
    const done = running.invoke([1, 2, 3, 4, 5], 120_000);
    await running.tinypng.hang(5);
    running.tinypng.recover();
    const { result, peakMegabytes } = await done;
    expect(result).toEqual({ batchItemFailures: [] });
    expect(running.stored).toHaveLength(5);
    expect(peakMegabytes).toBeLessThan(MEMORY_MEGABYTES);
  } finally {
    await running.close();
  }
}, 60_000);
