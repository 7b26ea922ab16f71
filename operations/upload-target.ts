// Where an upload goes: a key that is the user's own, that nobody can guess, and that starts the pipeline.

import { randomUUID } from "node:crypto";
import { GetBucketNotificationConfigurationCommand } from "@aws-sdk/client-s3";
import { ORIGINAL_PREFIX } from "../functions/lib/keys";
import { UserError } from "../stack/user-error";
import type { Deployment } from "./deployment";

/** The ends of keys that start the pipeline, as the bucket itself has them configured. */
export async function readUploadSuffixes({ s3, bucket, functionNames }: Deployment): Promise<readonly string[]> {
  const command = new GetBucketNotificationConfigurationCommand({ Bucket: bucket });
  const { LambdaFunctionConfigurations = [] } = await s3.send(command);
  const ours = LambdaFunctionConfigurations.filter(({ LambdaFunctionArn = "" }) =>
    LambdaFunctionArn.split(":").includes(functionNames.SetProfileImage),
  );
  if (ours.length === 0) throw new UserError(`no upload to ${bucket} starts the pipeline; deploy this stack anew`);
  return ours.map(
    ({ Filter }) => Filter?.Key?.FilterRules?.find(({ Name }) => Name?.toLowerCase() === "suffix")?.Value ?? "",
  );
}

/**
 * A new key for a photo: `original/<profile>/<random UUID><suffix>`. No two uploads share one, so none replaces another,
 * and who knows one key of a profile knows no other. None when the photo's name ends as none of the suffixes.
 */
export function newOriginalKey(profileId: string, file: string, suffixes: readonly string[]): string | undefined {
  // S3 minds the case, people do not: DSC_1.JPG is a .jpg, and the bucket may know both.
  const fitting = suffixes.filter((each) => file.toLowerCase().endsWith(each.toLowerCase()));
  const suffix = fitting.find((each) => each === each.toLowerCase()) ?? fitting[0];
  return suffix === undefined ? undefined : `${ORIGINAL_PREFIX}${partOf(profileId)}/${randomUUID()}${suffix}`;
}

/**
 * An id as one part of a key: what could end the part, or mean something to whoever makes a URL or a path of the key, is
 * percent-encoded. Three times 255 characters leave room for the rest.
 */
const partOf = (profileId: string): string =>
  encodeURIComponent(profileId).replaceAll(/^\.+$/g, (dots) => "%2E".repeat(dots.length));
