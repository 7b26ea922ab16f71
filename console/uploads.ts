// Signs the form with which the page uploads a photo: the browser itself posts it to the bucket, by the bucket's CORS
// rules, and nothing but this one photo for this one profile.

import { request } from "node:http";
import type { S3Client } from "@aws-sdk/client-s3";
import { MAX_PHOTO_BYTES } from "../functions/lib/photo-bytes";
import { hasForeignName } from "../functions/lib/photo-format";
import type { Stack } from "../local/template/read-stack";
import { MAX_ORIGINAL_KEY_BYTES, originalKey } from "../operations/photos";
import { presignPost } from "../operations/profile-images";
import type { Profiles } from "./profiles";
import { Refusal } from "./refusal";
import type { UploadForm, UploadRequest } from "./types";

/** Enough for a slow disk; a form that leaks is soon worth nothing. */
const EXPIRES_SECONDS = 300;

export interface UploadsOptions {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly profiles: Profiles;
  /** Ends of keys that start the pipeline. */
  readonly suffixes: readonly string[];
}

/** Makes the signer; it refuses in a sentence what the pipeline would not take. */
export function createUploads({ s3, bucket, profiles, suffixes }: UploadsOptions) {
  return async (body: unknown): Promise<UploadForm> => {
    const { profileId, name, type, size } = readRequest(body);
    if (profiles.get(profileId) === undefined) throw new Refusal(404, `There is no profile ${profileId}`);
    const key = originalKey(profileId, name.replace(/[\\/]/g, "_"));
    if (!suffixes.some((suffix) => key.endsWith(suffix))) {
      const allowed = suffixes.filter((suffix) => !hasForeignName(suffix)).join(", ");
      throw new Refusal(400, `${name} starts nothing: this stack takes names that end in ${allowed}`);
    }
    if (Buffer.byteLength(key) > MAX_ORIGINAL_KEY_BYTES) throw new Refusal(400, `${name} is too long a name`);
    if (size === 0) throw new Refusal(400, `${name} is empty`);
    if (size > MAX_PHOTO_BYTES) throw new Refusal(400, `${name} has ${size} bytes; the most is ${MAX_PHOTO_BYTES}`);
    const { url, fields } = await presignPost(s3, bucket, { key, profileId, contentType: type }, EXPIRES_SECONDS);
    return { url, fields, key };
  };
}

function readRequest(body: unknown): UploadRequest {
  const { profileId, name, type, size } = (body ?? {}) as Record<string, unknown>;
  const isRequest =
    typeof profileId === "string" && typeof name === "string" && typeof type === "string" && isCount(size);
  if (!isRequest || name === "") {
    throw new Refusal(400, "An upload must give profileId, name and type as strings, and size as a whole number");
  }
  if (!/^image\/[\w.+-]+$/.test(type))
    throw new Refusal(400, `${name} is not an image (its type is ${type || "unknown"})`);
  return { profileId, name, type, size: Number(size) };
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;

/** Asks the bucket, as a browser would, whether a page of that origin may post to it; says in a sentence if not. */
export function findUploadProblem(endpoint: string, bucket: string, origin: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { origin, "access-control-request-method": "POST" };
    request(`${endpoint}/${bucket}`, { method: "OPTIONS", headers }, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve(undefined);
      else {
        resolve(
          `Browsers cannot upload: the CORS rules of ${bucket} do not allow POST from ${origin}; name it in "uploadOrigins" in cdktf.json, or in the rules of a bucket that the stack does not make.`,
        );
      }
    })
      .on("error", reject)
      .end();
  });
}

/** The ends of keys of which the stack notifies a function. */
export const uploadSuffixesOf = ({ blocks }: Stack): string[] =>
  blocks
    .filter(({ type }) => type === "aws_s3_bucket_notification")
    .flatMap(({ body }) => (Array.isArray(body.lambda_function) ? body.lambda_function : [body.lambda_function]))
    .map((target) => String(target?.filter_suffix ?? ""))
    // Keys get their extension in lower case.
    .filter((suffix) => suffix === suffix.toLowerCase());
