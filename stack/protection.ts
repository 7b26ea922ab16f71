// What keeps people's photos and profiles when a setting changes or the stack goes: Terraform refuses the whole plan before
// it touches anything, and forgets what an existing bucket or table takes over from instead of destroying it.

import type { TerraformResourceLifecycle, TerraformStack } from "cdktf";
import type { Settings } from "./settings";

/** What the stack makes for the images, unless it uses an existing bucket. */
const OF_THE_BUCKET = [
  "aws_s3_bucket.images_bucket",
  "aws_s3_bucket_public_access_block.images_public_access_block",
  "aws_s3_bucket_ownership_controls.images_ownership_controls",
  "aws_s3_bucket_server_side_encryption_configuration.images_encryption",
  "aws_s3_bucket_versioning.images_versioning",
  "aws_s3_bucket_lifecycle_configuration.images_lifecycle",
  "aws_s3_bucket_policy.images_policy",
  "aws_s3_bucket_cors_configuration.images_cors",
];
/** What the stack makes for the profiles, unless it uses an existing table. */
const OF_THE_TABLE = ["aws_dynamodb_table.user_profile", "terraform_data.user_profile_key_type"];

/**
 * The lifecycle of a bucket or table: unless it is disposable, a plan that would destroy or replace it fails.
 * https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
 */
export const protection = (isDisposable: boolean): TerraformResourceLifecycle | undefined =>
  isDisposable ? undefined : { preventDestroy: true };

/**
 * Has Terraform forget what existing resources have taken the place of, and leave it as it is; what its state never had
 * makes no difference. CDKTF has no API for it.
 * https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources
 */
export function forgetReplaced(stack: TerraformStack, { existingBucket, existingTable }: Settings): void {
  const addresses = [
    ...(existingBucket === undefined ? [] : OF_THE_BUCKET),
    ...(existingTable === undefined ? [] : OF_THE_TABLE),
  ];
  if (addresses.length === 0) return;
  stack.addOverride(
    "removed",
    addresses.map((from) => ({ from, lifecycle: { destroy: false } })),
  );
}
