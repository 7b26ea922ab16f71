// The pipeline: photo → bucket → SetProfileImage → table → stream → CreateThumbnail → bucket.

import { relative, sep } from "node:path";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { LocalBackend, TerraformElement, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct, Node } from "constructs";
import type { Bundles } from "./bundle";
import { BundledFunction } from "./bundled-function";
import { PrivateBucket } from "./private-bucket";
import type { Settings } from "./settings";
import { StreamTrigger } from "./stream-trigger";
import { TinypngKey } from "./tinypng-key";
import { UploadTrigger } from "./upload-trigger";

/** Write-only arguments, which keep secrets out of the state, came with this version. */
const TERRAFORM_VERSION = ">= 1.11.0";

/**
 * One HEAD and one UpdateItem for one photo: little work, but more memory (and so CPU) shortens Node's start. The time is
 * that of two calls with three attempts of ten seconds each.
 */
const SET_PROFILE_IMAGE = { memorySize: 256, timeout: 60 };

/**
 * Ten photos, five at a time, each held whole (25 MB at most) and copied once on its way to TinyPNG. The time is that of
 * two rounds of 45 seconds at TinyPNG, and of storing what came back.
 */
const CREATE_THUMBNAIL = { memorySize: 512, timeout: 120 };

export interface ProfileImageStackProps {
  readonly settings: Settings;
  readonly bundles: Bundles;
  /** From the folder that Terraform runs in to the folder that keeps its state. */
  readonly stateDirectory: string;
}

export class ProfileImageStack extends TerraformStack {
  constructor(scope: Construct, id: string, { settings, bundles, stateDirectory }: ProfileImageStackProps) {
    super(scope, id);
    const nameSuffix = settings.stage === undefined ? "" : `-${settings.stage}`;

    this.addOverride("terraform.required_version", TERRAFORM_VERSION);
    new LocalBackend(this, { path: `${stateDirectory}/terraform.profile-image${nameSuffix}.tfstate` });
    new AwsProvider(this, "aws", { region: settings.region });
    const { accountId } = new DataAwsCallerIdentity(this, "current");
    const tinypngKey = new TinypngKey(this, "tinypng", { nameSuffix, version: settings.tinypngKeyVersion });

    const { bucket: images } = new PrivateBucket(this, "images", {
      name: `${settings.bucketName ?? `user-profile-images-${accountId}`}${nameSuffix}`,
    });
    const { bucket: failures } = new PrivateBucket(this, "failures", {
      name: `user-profile-failures-${accountId}${nameSuffix}`,
    });
    const table = new DynamodbTable(this, "user_profile", {
      name: settings.tableName + nameSuffix,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attribute: [{ name: "id", type: "N" }],
      streamEnabled: true,
      streamViewType: "NEW_AND_OLD_IMAGES",
    });

    const sharedPolicyValues = { imagesBucketArn: images.arn, failuresBucketArn: failures.arn, accountId };
    const setProfileImage = new BundledFunction(this, "set_profile_image", {
      ...SET_PROFILE_IMAGE,
      name: "SetProfileImage",
      nameSuffix,
      bundle: bundles.SetProfileImage,
      environment: { TABLE_NAME: table.name, FAILURES_BUCKET: failures.bucket },
      policyValues: { ...sharedPolicyValues, tableArn: table.arn },
    });
    const createThumbnail = new BundledFunction(this, "create_thumbnail", {
      ...CREATE_THUMBNAIL,
      name: "CreateThumbnail",
      nameSuffix,
      bundle: bundles.CreateThumbnail,
      environment: {
        BUCKET_NAME: images.bucket,
        FAILURES_BUCKET: failures.bucket,
        TINYPNG_KEY_PARAMETER: tinypngKey.parameter.name,
        THUMBNAIL_WIDTH: String(settings.thumbnail.width),
        THUMBNAIL_HEIGHT: String(settings.thumbnail.height),
        THUMBNAIL_METHOD: settings.thumbnail.method,
        KEEP_PREVIOUS_THUMBNAILS: String(settings.keepPreviousThumbnails),
      },
      policyValues: {
        ...sharedPolicyValues,
        streamArn: table.streamArn,
        tinypngKeyArn: tinypngKey.parameter.arn,
      },
    });

    new UploadTrigger(this, "uploads", {
      bucket: images,
      suffixes: settings.uploadSuffixes,
      target: setProfileImage,
      failuresBucket: failures,
      accountId,
    });
    new StreamTrigger(this, "profile_changes", { table, target: createThumbnail, failuresBucket: failures });

    const outputs = {
      bucket: images.bucket,
      failures_bucket: failures.bucket,
      table: table.name,
      set_profile_image_function: setProfileImage.function.functionName,
      create_thumbnail_function: createThumbnail.function.functionName,
    };
    for (const [name, value] of Object.entries(outputs)) new TerraformOutput(this, name, { value });
  }

  /**
   * Addresses without the hash that CDKTF adds: `aws_s3_bucket.images_bucket`. They are what `terraform plan` shows and
   * what the state is kept under, so they must stay as they are; ids are snake_case for their sake.
   */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const { scopes } = TerraformElement.isTerraformElement(element) ? element.node : element;
    return scopes
      .slice(scopes.indexOf(this) + 1)
      .map(({ node }) => node.id)
      .join("_");
  }
}

/**
 * Where a stack directory finds the folder for its state, so that deleting the output loses no state: the project's root
 * if the output is inside the project, else beside the output. Never absolute: the JSON is the same on every machine.
 */
export function stateDirectoryFor(outdir: string, projectRoot: string): string {
  const inside = relative(projectRoot, outdir);
  const depth = inside.startsWith("..") || inside === "" || inside.includes(":") ? 1 : inside.split(sep).length;
  return Array.from({ length: depth + 2 }, () => "..").join("/");
}
