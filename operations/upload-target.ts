// Where an upload goes: a key that is the user's own, that nobody can guess, and that starts the pipeline.

import { GetBucketNotificationConfigurationCommand } from "@aws-sdk/client-s3";
import { UserError } from "../stack/user-error";
import type { Deployment } from "./deployment";
import { newPhotoKey } from "./profile-images";

/** The ends of keys that start the pipeline, as the bucket itself has them configured. */
export async function readUploadSuffixes({ s3, bucket, functionNames }: Deployment): Promise<readonly string[]> {
  const command = new GetBucketNotificationConfigurationCommand({ Bucket: bucket });
  const { LambdaFunctionConfigurations = [] } = await s3.send(command);
  const ours = LambdaFunctionConfigurations.filter(({ LambdaFunctionArn = "" }) =>
    LambdaFunctionArn.split(":").includes(functionNames.SetProfileImage),
  );
  if (ours.length === 0) throw new UserError(`no upload to ${bucket} starts the pipeline; deploy this stack again`);
  return ours.map(
    ({ Filter }) => Filter?.Key?.FilterRules?.find(({ Name }) => Name?.toLowerCase() === "suffix")?.Value ?? "",
  );
}

/** A new key for a photo that ends as one of the suffixes; none when its name ends as none of them. */
export function newOriginalKey(profileId: string, file: string, suffixes: readonly string[]): string | undefined {
  // S3 is case-sensitive, people are not: DSC_1.JPG is a .jpg, and the bucket may know both.
  const fitting = suffixes.filter((each) => file.toLowerCase().endsWith(each.toLowerCase()));
  const suffix = fitting.find((each) => each === each.toLowerCase()) ?? fitting[0];
  return suffix === undefined ? undefined : newPhotoKey(profileId, suffix);
}
