// Sends checked photos and finds out what becomes of each.

import { readFile } from "node:fs/promises";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { PROFILE_ID } from "../functions/lib/metadata";
import { createThumbnailWait, type Fate } from "./await-thumbnails";
import type { Deployment } from "./deployment";
import { createFailureNews } from "./failure-news";
import { inParallel } from "./in-parallel";
import type { CheckedUpload } from "./upload-check";

/** What became of one photo, as `upload --json` prints it. */
export interface Uploaded {
  readonly profileId: string;
  readonly file: string;
  readonly original: string;
  readonly thumbnail: string | null;
  /** From the first byte sent until its thumbnail, or its failure, was seen. */
  readonly ms: number;
  readonly why?: string;
  /** The failure record, which `redrive` takes. */
  readonly record?: string;
}

export interface SendOptions {
  /** How long to wait for thumbnails once all is sent. */
  readonly timeoutMs: number;
  /** Filled as photos end, so that something is known of them when the user stops it. */
  readonly results: Uploaded[];
  /** Told how many have been sent, whenever that changes or a photo ends. */
  readonly onProgress: (sent: number) => void;
  readonly stop: AbortSignal;
}

/** Photos sent at a time, each held in memory. */
const CONCURRENCY = 5;

/** Resolves when each photo has its thumbnail or has failed; rejects when it is stopped. */
export async function sendPhotos(
  deployment: Deployment,
  uploads: readonly CheckedUpload[],
  { timeoutMs, results, onProgress, stop }: SendOptions,
): Promise<void> {
  const startedAt = new Map<CheckedUpload, number>();
  let sent = 0;

  function end(upload: CheckedUpload, { thumbnail, ...more }: Fate): void {
    const { profileId, file, key } = upload;
    const ms = Math.round(performance.now() - (startedAt.get(upload) ?? 0));
    results.push({ profileId, file, original: key, thumbnail: thumbnail ?? null, ms, ...more });
    onProgress(sent);
  }

  const failures = await createFailureNews(deployment);
  const thumbnails = createThumbnailWait<CheckedUpload>(deployment, failures, { timeoutMs, stop, onFate: end });
  const giveUp = new AbortController();
  const signal = AbortSignal.any([stop, giveUp.signal]);
  const allSent = inParallel(uploads, CONCURRENCY, async (upload) => {
    startedAt.set(upload, performance.now());
    try {
      thumbnails.add(upload, await put(deployment, upload, signal));
    } catch (error) {
      signal.throwIfAborted();
      return end(upload, { why: `it could not be sent: ${(error as Error).message}` });
    }
    sent += 1;
    onProgress(sent);
  });
  try {
    await thumbnails.finish(allSent);
  } finally {
    giveUp.abort();
  }
}

/** Returns the photo's ETag. */
async function put(deployment: Deployment, upload: CheckedUpload, abortSignal: AbortSignal): Promise<string> {
  const command = new PutObjectCommand({
    Bucket: deployment.bucket,
    Key: upload.key,
    Body: await readFile(upload.file),
    ContentType: upload.contentType,
    Metadata: { [PROFILE_ID]: upload.profileId },
  });
  abortSignal.throwIfAborted();
  return (await deployment.s3.send(command, { abortSignal })).ETag ?? "";
}
