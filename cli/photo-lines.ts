// A line for each photo that has come to its end in the pipeline of `npm start`, whoever has sent it.

import { basename } from "node:path";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, S3ServiceException } from "@aws-sdk/client-s3";
import type { PhotoNews } from "../console";
import { createBoundedMap } from "../console/bounded-map";
import type { Photo } from "../console/types";
import { thumbnailKeyOf } from "../functions/lib/keys";
import { readPicture } from "../functions/lib/picture";
import { createFailureNews, type FailedPhoto } from "../operations/failure-news";
import type { Pipeline } from "../pipeline";
import { pipelineDeployment } from "../pipeline/deployment";
import { CROSS, columnsOf, type Printed, print, TICK } from "./print";
import { printable } from "./printable";
import { wrap } from "./wrap";

/** Photos of which the last line is remembered, so that none is told twice. */
const REMEMBERED = 2_000;

/** Of the rest of a reason: below the photo. */
const INDENT = " ".repeat("19:12:03 ✕ ".length);

/** What became of a photo, apart from the photo itself. */
export interface End {
  /** Of its thumbnail. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Why it has none. */
  readonly why?: string;
}

/** Prints a line a photo until the user stops the process. */
export async function tellPhotos(pipeline: Pipeline, photos: PhotoNews, stop: AbortSignal): Promise<void> {
  const endOf = await createEnds(pipeline);
  const states = createBoundedMap<string, Photo["state"]>(REMEMBERED);
  let printed = Promise.resolve();

  async function tell(photo: Photo): Promise<void> {
    try {
      const end = await endOf(photo);
      if (!stop.aborted) print(photoLine(photo, end, columnsOf(process.stdout)));
    } catch (error) {
      // With the embedded AWS goes what a line would say.
      if (!stop.aborted) throw error;
    }
  }

  photos.onChange((id) => {
    const photo = photos.photo(id);
    if (photo === undefined || states.get(id) === photo.state) return;
    states.set(id, photo.state);
    // In the order in which they ended.
    if (photo.state !== "running") printed = printed.then(() => tell(photo));
  });
}

async function createEnds(pipeline: Pipeline): Promise<(photo: Photo) => Promise<End>> {
  const { s3, names, client } = pipeline;
  const lambda = new LambdaClient(client);
  const failures = await createFailureNews(await pipelineDeployment(pipeline, lambda));
  lambda.destroy();
  /** By the photo's key: the news of one photo may come with that of another. */
  const failed = createBoundedMap<string, FailedPhoto>(REMEMBERED);

  async function whyOf(key: string): Promise<string | undefined> {
    for (const failure of await failures()) failed.set(failure.key, failure);
    return failed.take(key)?.why();
  }

  async function sizeOf(key: string): Promise<End["size"]> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: names.bucket, Key: thumbnailKeyOf(key) }));
    return readPicture(Buffer.from((await Body?.transformToByteArray()) ?? []));
  }

  return async ({ key, state, reason }) => {
    if (state === "skipped") return { why: reason };
    if (state === "failed") return { why: (await unlessRefused(whyOf(key))) ?? reason };
    return { size: await unlessRefused(sizeOf(key)) };
  };
}

/** What was there a moment ago may be removed, and any call may meet a fault that somebody switched on. */
const unlessRefused = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.catch((error: unknown) => {
    if (error instanceof S3ServiceException) return undefined;
    throw error;
  });

/**
 * `19:12:03 profile 2 photo.webp → 150×100, 114 ms`; a failure is red.
 * @param columns of a terminal, within which a long reason is broken
 */
export function photoLine(
  { at, profileId, key, state, ms }: Photo,
  { size, why = "" }: End,
  columns?: number,
): Printed {
  const head = `${new Date(at).toTimeString().slice(0, 8)} `;
  const photo = printable(`profile ${profileId ?? "?"} ${basename(key)}`);
  const before = head + CROSS.text;
  const reason = wrap(`${before}${photo}: ${printable(why)}`, columns, INDENT).slice(before.length);
  if (state === "failed") return [head, CROSS, { text: reason, colour: "red" }];
  if (state === "skipped") return [head, { text: reason, colour: "dim" }];
  const thumbnail = size === undefined ? "thumbnail" : `${size.width}×${size.height}`;
  return [head, TICK, `${photo} → ${thumbnail}, ${Math.round(ms)} ms`];
}
