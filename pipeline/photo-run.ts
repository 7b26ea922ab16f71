// Sends one photo through the pipeline and times it: upload, the two functions, and the whole way to the thumbnail.

import { PutObjectCommand } from "@aws-sdk/client-s3";
import { PROFILE_ID } from "../functions/lib/metadata";
import type { ThumbnailSizes } from "../functions/lib/thumbnail-sizes";
import { type Activity, now } from "../local/activity";
import { originalKey, type Photo } from "../operations/photos";
import type { Pipeline } from "./index";
import { type Thumbnail, verifyThumbnail } from "./verify-thumbnail";

/** What one photo's way through the pipeline gave and took. */
export interface PhotoRun {
  readonly photo: Photo;
  readonly profileId: number;
  readonly key: string;
  readonly thumbnail: Thumbnail;
  readonly steps: readonly { readonly name: string; readonly ms: number; readonly cold: boolean }[];
  /** From the first byte sent to the thumbnail stored. */
  readonly ms: number;
}

/** The longest a photo may take here, cold starts and retries included. */
const DEADLINE_MS = 60_000;

/** Uploads a photo for a profile, waits until the pipeline is idle, and verifies what it left behind. */
export async function runPhoto(
  pipeline: Pipeline,
  photo: Photo,
  profileId: number,
  sizes: ThumbnailSizes,
  key = originalKey(String(profileId), photo.file),
): Promise<PhotoRun> {
  const { aws, names, s3 } = pipeline;
  const seen: Activity[] = [];
  const unsubscribe = aws.activity.subscribe((activity) => seen.push(activity));
  const start = now();
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: names.bucket,
        Key: key,
        Body: photo.bytes,
        ContentType: photo.contentType,
        Metadata: { [PROFILE_ID]: String(profileId) },
      }),
    );
    const uploadMs = now() - start;
    await withDeadline(aws.idle(), `${photo.file} is not through the pipeline after ${DEADLINE_MS / 1000} s`);
    const thumbnail = await verifyThumbnail(pipeline, { photo, profileId, key }, sizes);
    const stored = seen.findLast(({ action, resource }) => action === "PutObject" && resource?.endsWith(thumbnail.key));
    const functions = seen.filter(({ service, action }) => service === "lambda" && action === "Invoke");
    return {
      photo,
      profileId,
      key,
      thumbnail,
      steps: [
        { name: "upload", ms: uploadMs, cold: false },
        ...functions.map(({ resource = "", ms = 0, detail }) => ({ name: resource, ms, cold: detail?.cold === true })),
      ],
      ms: (stored === undefined ? now() : stored.at + (stored.ms ?? 0)) - start,
    };
  } finally {
    unsubscribe();
  }
}

async function withDeadline(promise: Promise<void>, message: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(message)), DEADLINE_MS);
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
