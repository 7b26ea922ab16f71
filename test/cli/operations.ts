// What the tests of the operators' commands do to a pipeline before they operate on it.

import { DeleteObjectsCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import sharp from "sharp";
import type { Pipeline } from "../../pipeline";
import { loadSampleProfiles } from "../../pipeline/sample-profiles";
import { grantsOf, without } from "../end-to-end/grants";
import { synthesizedStack } from "../pipeline";

const drawPhoto = (background: string) =>
  sharp({ create: { width: 300, height: 200, channels: 3, background } })
    .jpeg()
    .toBuffer();
const photo = drawPhoto("#2040c0");

/** Uploads a photo, or what is said to be one, for a profile, and waits until nothing is under way. */
export async function upload({ s3, names, aws }: Pipeline, id: string, Key: string, body?: string): Promise<void> {
  const Body = body === undefined ? await photo : Buffer.from(body);
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body, Metadata: { "user-profile-id": id } }));
  await aws.idle();
}

/** Uploads `original/<id>.jpg` for each of some profiles at once, and waits until nothing is under way. */
export async function uploadAll({ s3, names, aws }: Pipeline, ...ids: string[]): Promise<void> {
  const Body = await photo;
  const put = (id: string) =>
    new PutObjectCommand({
      Bucket: names.bucket,
      Key: `original/${id}.jpg`,
      Body,
      Metadata: { "user-profile-id": id },
    });
  await Promise.all(ids.map((id) => s3.send(put(id))));
  await aws.idle();
}

/** Does something while a function lacks a grant: `s3:GetObject on images_bucket/original/*`. */
export async function whileForbidden(
  { aws }: Pipeline,
  functionName: string,
  label: string,
  work: () => Promise<void>,
) {
  const grant = grantsOf(synthesizedStack()).find((each) => each.functionName === functionName && each.label === label);
  if (grant === undefined) throw new Error(`${functionName} has no grant ${label}`);
  const { policyDocument } = aws.iam.getRolePolicy(grant);
  aws.iam.putRolePolicy({ ...grant, policyDocument: without(policyDocument, [grant.index]) });
  try {
    await work();
  } finally {
    aws.iam.putRolePolicy({ ...grant, policyDocument });
  }
}

/** The grant without which a function fails at every photo. */
export const PHOTOS = "s3:GetObject on images_bucket/original/*";

/** Leaves Lambda's own record of an upload, or of a change, that the function could not handle. */
export const giveUp = (pipeline: Pipeline, functionName: string, id: string, key: string) =>
  whileForbidden(pipeline, functionName, PHOTOS, () => upload(pipeline, id, key));

/** What `redrive --json` prints. */
export interface Redriven {
  readonly succeeded: number;
  readonly superseded: number;
  readonly failed: number;
  readonly records: readonly { record: string; state: string; why?: string; keptAs?: string[] }[];
}

/** Uploads a photo and waits until CreateThumbnail has worked through the change; something else may still be under way. */
export const uploadMeanwhile = (pipeline: Pipeline, id: string, Key: string, colour?: string) =>
  uploadUntil(pipeline, "StreamBatch", { id, Key, colour });

/** Uploads a photo and waits until its profile names it: CreateThumbnail need not be free to work on that. */
export const setMeanwhile = (pipeline: Pipeline, id: string, Key: string) =>
  uploadUntil(pipeline, "StreamAppend", { id, Key });

async function uploadUntil(
  { s3, names, aws }: Pipeline,
  wanted: string,
  { id, Key, colour }: { id: string; Key: string; colour?: string | undefined },
): Promise<void> {
  const changed = new Promise<void>((resolve) => {
    const stop = aws.activity.subscribe(({ action, error }) => {
      if (action !== wanted || error !== undefined) return;
      stop();
      resolve();
    });
  });
  const Body = await (colour === undefined ? photo : drawPhoto(colour));
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body, Metadata: { "user-profile-id": id } }));
  await changed;
}

/** Does some work, the first call `PUT thumbnails/1.jpg` of which reaches S3 only when something else is done. */
export async function whileHeld<T>(
  { aws }: Pipeline,
  call: string,
  meanwhile: () => Promise<void>,
  work: () => Promise<T>,
) {
  let held: Promise<void> | undefined;
  const takeBack = aws.faults.inject({
    request({ service, method, path }) {
      if (held !== undefined || service !== "s3" || `${method} ${path.split("/").slice(2).join("/")}` !== call) return;
      held = meanwhile();
      return { until: held };
    },
  });
  const result = await work().finally(takeBack);
  if (held === undefined) throw new Error(`There was no ${call}`);
  await held;
  return result;
}

/** A signal that is aborted, as by Ctrl-C, when a function is invoked for the first time. */
export function stopAtFirstInvocation({ aws }: Pipeline): AbortSignal {
  const controller = new AbortController();
  const stop = aws.activity.subscribe(({ action }) => {
    if (action !== "Invoke") return;
    stop();
    controller.abort("SIGINT");
  });
  return controller.signal;
}

const keysIn = async ({ s3 }: Pipeline, Bucket: string, Prefix?: string) =>
  ((await s3.send(new ListObjectsV2Command({ Bucket, Prefix }))).Contents ?? []).map(({ Key }) => Key ?? "");

export const failureKeys = (pipeline: Pipeline) => keysIn(pipeline, pipeline.names.failuresBucket);

export const thumbnailKeys = (pipeline: Pipeline) => keysIn(pipeline, pipeline.names.bucket, "thumbnails/");

/** Makes the pipeline as if it had just been started: sample profiles without photos, and empty buckets. */
export async function reset(pipeline: Pipeline): Promise<void> {
  await loadSampleProfiles(pipeline);
  await pipeline.aws.idle();
  for (const Bucket of [pipeline.names.bucket, pipeline.names.failuresBucket]) {
    const Objects = (await keysIn(pipeline, Bucket)).map((Key) => ({ Key }));
    if (Objects.length > 0) await pipeline.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }
}
