// The memory of CreateThumbnail with `resizer: account`: the largest photos at once, of which a decoder holds the most that
// is allowed, as their head says that they will.

import { PutObjectCommand } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { synthesize } from "../../cli/synthesize";
import { MAX_PHOTO_BYTES } from "../../functions/lib/photo-bytes";
import { readFailureRecords } from "../../operations/failure-records";
import type { Pipeline } from "../../pipeline";
import { startTestPipeline } from "../pipeline";

const MEMORY_MEGABYTES = 512;
/** The decoder of a progressive JPEG keeps three bytes of each pixel. 36 million are refused beside 64 MB. */
const [MOST, TOO_MANY] = [5_900, 6_100];
/** All five take half a minute. */
const PHOTOS = Number(process.env.LARGEST_PHOTOS ?? 2);

/** A segment of an application, of the longest that there is: https://www.w3.org/Graphics/JPEG/itu-t81.pdf B.2.4.6 */
const SEGMENT = Buffer.concat([Buffer.from([0xff, 0xef, 0xff, 0xff]), Buffer.alloc(0xffff - 2)]);

/** A progressive JPEG of so many pixels a side, filled to 64 MB with what a decoder passes over before its first pixel. */
async function largest(side: number): Promise<Buffer> {
  const image = sharp({ create: { width: side, height: side, channels: 3, background: "#4080c0" } });
  const jpeg = await image.jpeg({ progressive: true }).toBuffer();
  const segments = Math.floor((MAX_PHOTO_BYTES - jpeg.length) / SEGMENT.length);
  return Buffer.concat([jpeg.subarray(0, 2), ...Array(segments).fill(SEGMENT), jpeg.subarray(2)]);
}

it(
  "stays within 512 MB with the largest photos at once, and refuses with a reason what would not fit",
  async () => {
    const stack = await synthesize(undefined, { PROFILE_IMAGE_RESIZER: "account" });
    const pipeline = await startTestPipeline(PHOTOS + 1, stack.directory).finally(stack.remove);
    const { aws, s3, names } = pipeline;
    const put = async (profileId: number, Body: Buffer) => {
      const Metadata = { "user-profile-id": String(profileId) };
      await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: `original/${profileId}.jpg`, Body, Metadata }));
    };
    const [stored, peaks, errors] = [new Set<string>(), [0], new Set<string>()];
    aws.activity.subscribe(({ action, resource = "", error, detail }) => {
      if (action === "PutObject" && resource.includes("/thumbnails/")) stored.add(resource);
      if (action !== "Invoke" || resource !== "CreateThumbnail" || detail === undefined) return;
      peaks.push(Number(detail.maxMemoryMb));
      if (error !== undefined) errors.add(error);
    });
    try {
      await aws.idle();
      const photo = await largest(MOST);
      for (let profileId = 1; profileId <= PHOTOS; profileId += 1) await put(profileId, photo);
      await put(PHOTOS + 1, await largest(TOO_MANY));
      await aws.idle();
      expect([...errors]).toEqual([]);
      expect(stored.size).toBe(PHOTOS);
      expect(await failureReasons(pipeline)).toEqual([
        expect.stringContaining("the setting createThumbnail.memorySize gives more"),
      ]);
      expect(Math.max(...peaks)).toBeLessThanOrEqual(MEMORY_MEGABYTES);
      if (process.env.LARGEST_PHOTOS) console.info(`${PHOTOS} photos, ${Math.max(...peaks)} MB at most`);
    } finally {
      await pipeline.close();
    }
  },
  60_000 + 30_000 * PHOTOS,
);

async function failureReasons({ s3, names }: Pipeline): Promise<string[]> {
  const reasons: string[] = [];
  for await (const { reason } of readFailureRecords(s3, names.failuresBucket)) reasons.push(reason.message);
  return reasons;
}
