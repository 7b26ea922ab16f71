// The pipeline: photo → bucket → SetProfileImage → table → stream → CreateThumbnail → bucket.

import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformElement, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct, Node } from "constructs";
import { listOf, THUMBNAILS } from "../functions/lib/thumbnail-sizes";
import { AlarmTopic } from "./alarm-topic";
import { Alarms } from "./alarms";
import { Bucket } from "./bucket";
import type { Bundles } from "./bundle";
import { BundledFunction } from "./bundled-function";
import { Dashboard } from "./dashboard";
import { Delivery } from "./delivery";
import { FailureReports } from "./failure-reports";
import { REPORT_FAILURE } from "./function-names";
import { imagesBucket } from "./images-bucket";
import { PhotoMetrics } from "./photo-metrics";
import { policyDocument } from "./policy-document";
import { profileTable } from "./profile-table";
import { forgetReplaced } from "./protection";
import type { Settings } from "./settings";
import { isDevelopment, nameSuffixOf } from "./stage";
import { keepState } from "./state";
import { StreamTrigger } from "./stream-trigger";
import { TinypngKey } from "./tinypng-key";
import { UploadTrigger } from "./upload-trigger";

/** Write-only arguments, which keep secrets out of the state, came with this version. */
const TERRAFORM_VERSION = ">= 1.11.0";

/** One GET and one call of EventBridge for one record, seldom: as SetProfileImage's. */
const REPORT_FAILURE_SIZE = { memorySize: 256, timeout: 60 };

export interface ProfileImageStackProps {
  readonly settings: Settings;
  readonly bundles: Bundles;
  /** From the folder that Terraform runs in to the folder that keeps its state. */
  readonly stateDirectory: string;
}

export class ProfileImageStack extends TerraformStack {
  constructor(scope: Construct, id: string, { settings, bundles, stateDirectory }: ProfileImageStackProps) {
    super(scope, id);
    if (settings.events && bundles[REPORT_FAILURE] === undefined) {
      throw new Error("The functions were bundled without the setting events");
    }
    const nameSuffix = nameSuffixOf(settings.stage);

    this.addOverride("terraform.required_version", TERRAFORM_VERSION);
    // CDK Terrain's name for the same; CDKTF knows none of it. See docs/cdktf-future.md.
    this.node.setContext("targetVersions", { terraform: TERRAFORM_VERSION, opentofu: TERRAFORM_VERSION });
    keepState(this, settings, stateDirectory);
    const { tags } = settings;
    new AwsProvider(this, "aws", {
      region: settings.region,
      defaultTags: Object.keys(tags).length > 0 ? [{ tags: { ...tags } }] : undefined,
    });
    const { accountId } = new DataAwsCallerIdentity(this, "current");
    const tinypngKey =
      settings.resizer === "tinypng"
        ? new TinypngKey(this, "tinypng", { nameSuffix, version: settings.tinypngKeyVersion })
        : undefined;

    const { images, own } = imagesBucket(this, "images", settings, accountId);
    const { bucket: failures } = new Bucket(this, "failures", {
      name: `user-profile-failures-${accountId}${nameSuffix}`,
      isDisposable: isDevelopment(settings.stage),
      failuresRetentionDays: settings.failuresRetentionDays,
    });
    const delivery =
      settings.delivery === "none"
        ? undefined
        : new Delivery(this, "delivery", {
            ...settings.cloudfront,
            nameSuffix,
            bucketDomainName: images.bucketRegionalDomainName,
          });
    if (delivery !== undefined) {
      const { distributionArn } = delivery;
      own?.addToPolicy(policyDocument("delivery", { bucketArn: images.arn, distributionArn }));
    }
    const table = profileTable(this, "user_profile", settings);
    forgetReplaced(this, settings);

    const shared = { nameSuffix, logRetentionDays: settings.logRetentionDays, tracing: settings.tracing, accountId };
    const sharedPolicyValues = { imagesBucketArn: images.arn, failuresBucketArn: failures.arn, accountId };
    const originals: Record<string, string> = {
      ...(settings.originals === "current" && { ORIGINALS: settings.originals }),
      ...(settings.stripOriginals && { STRIP_ORIGINALS: "true" }),
    };
    const eventBusArn = settings.events ? defaultEventBus(this, settings.region, accountId) : undefined;
    const setProfileImage = new BundledFunction(this, "set_profile_image", {
      ...settings.setProfileImage,
      ...shared,
      name: "SetProfileImage",
      bundle: bundles.SetProfileImage,
      environment: {
        TABLE_NAME: table.name,
        PROFILE_ID_TYPE: settings.profileId,
        FAILURES_BUCKET: failures.bucket,
        ...originals,
      },
      ...(settings.stripOriginals && {
        morePolicies: { stripping: policyDocument("strip-originals", { imagesBucketArn: images.arn, accountId }) },
      }),
      policyValues: { ...sharedPolicyValues, tableArn: table.arn },
    });
    const createThumbnail = new BundledFunction(this, "create_thumbnail", {
      ...settings.createThumbnail,
      ...shared,
      name: "CreateThumbnail",
      bundle: bundles.CreateThumbnail,
      environment: {
        BUCKET_NAME: images.bucket,
        TABLE_NAME: table.name,
        PROFILE_ID_TYPE: settings.profileId,
        FAILURES_BUCKET: failures.bucket,
        ...(tinypngKey !== undefined && { TINYPNG_KEY_PARAMETER: tinypngKey.parameter.name }),
        ...thumbnailVariables(settings),
        KEEP_PREVIOUS_THUMBNAILS: String(settings.keepPreviousThumbnails),
        // CloudFront can use no key of KMS that AWS manages.
        THUMBNAIL_ENCRYPTION: delivery === undefined ? "bucket-default" : "AES256",
        ...originals,
        ...(settings.events && { IMAGES_BUCKET_ARN: images.arn }),
      },
      morePolicies: {
        ...(eventBusArn !== undefined && { events: policyDocument("ready-events", { eventBusArn }) }),
        ...(settings.originals === "current" && {
          originals: policyDocument("previous-originals", { imagesBucketArn: images.arn, accountId }),
        }),
      },
      policyValues: {
        ...sharedPolicyValues,
        tableArn: table.arn,
        streamArn: table.streamArn,
        ...(tinypngKey !== undefined && { tinypngKeyArn: tinypngKey.parameter.arn }),
      },
      policyWithout: tinypngKey === undefined ? ["ReadTinyPNGKey"] : [],
    });

    new UploadTrigger(this, "uploads", {
      bucket: images,
      suffixes: settings.uploadSuffixes,
      target: setProfileImage,
      failuresBucket: failures,
      accountId,
    });
    const { mapping } = new StreamTrigger(this, "profile_changes", {
      table,
      target: createThumbnail,
      failuresBucket: failures,
      batchSize: settings.createThumbnail.batchSize,
      parallelizationFactor: settings.createThumbnail.parallelizationFactor,
      countsEvents: settings.alarmEmail !== undefined,
    });

    const reportFailure =
      eventBusArn === undefined || bundles[REPORT_FAILURE] === undefined
        ? undefined
        : new BundledFunction(this, "report_failure", {
            ...REPORT_FAILURE_SIZE,
            ...shared,
            name: REPORT_FAILURE,
            bundle: bundles[REPORT_FAILURE],
            environment: { IMAGES_BUCKET_ARN: images.arn },
            policyValues: { failuresBucketArn: failures.arn, accountId, eventBusArn },
          });
    if (reportFailure !== undefined) {
      new FailureReports(this, "failure_reports", {
        failuresBucket: failures,
        setProfileImage,
        mapping,
        target: reportFailure,
        accountId,
      });
    }

    const photos = new PhotoMetrics(this, "photos", { nameSuffix, setProfileImage, createThumbnail });
    if (settings.alarmEmail !== undefined) {
      const topic = new AlarmTopic(this, "alarm", { nameSuffix, email: settings.alarmEmail, accountId });
      const watched = {
        nameSuffix,
        setProfileImage,
        createThumbnail,
        reportFailure,
        mapping,
        failuresBucket: failures,
        photos,
      };
      new Alarms(this, "alarms", {
        ...watched,
        failuresRetentionDays: settings.failuresRetentionDays,
        topicArn: topic.arn,
      });
      new Dashboard(this, "dashboard", { ...watched, region: settings.region });
    }

    const outputs = {
      bucket: images.bucket,
      failures_bucket: failures.bucket,
      table: table.name,
      set_profile_image_function: setProfileImage.function.functionName,
      create_thumbnail_function: createThumbnail.function.functionName,
      ...(reportFailure !== undefined && { report_failure_function: reportFailure.function.functionName }),
      ...(delivery !== undefined && {
        thumbnail_base_url: delivery.baseUrl,
        // What the owner of an existing bucket has to let in.
        thumbnail_distribution_arn: delivery.distributionArn,
      }),
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

const thumbnailVariables = ({ thumbnail, thumbnails }: Settings): Record<string, string> =>
  thumbnails === undefined
    ? {
        THUMBNAIL_WIDTH: String(thumbnail.width),
        THUMBNAIL_HEIGHT: String(thumbnail.height),
        THUMBNAIL_METHOD: thumbnail.method,
      }
    : { [THUMBNAILS]: listOf(thumbnails) };

/** There is one in each region of an account; EventBridge makes it. */
function defaultEventBus(scope: Construct, region: string, accountId: string): string {
  const { partition } = new DataAwsPartition(scope, "partition");
  return `arn:${partition}:events:${region}:${accountId}:event-bus/default`;
}
