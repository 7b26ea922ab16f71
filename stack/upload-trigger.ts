// S3 → function: each new object under original/ invokes the function asynchronously.

import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { Construct } from "constructs";
import { ORIGINAL_PREFIX } from "../functions/lib/keys";
import type { BundledFunction } from "./bundled-function";
import type { BucketReference } from "./images-bucket";

/** All that Lambda allows; it waits one minute, then two. */
export const RETRIES = 2;

/** Seconds: all that Lambda allows, and its default. An event that finds no free instance waits so long. */
export const MAXIMUM_EVENT_AGE = 21_600;

export interface UploadTriggerProps {
  readonly bucket: BucketReference;
  readonly suffixes: readonly string[];
  readonly target: BundledFunction;
  readonly failuresBucket: BucketReference;
  readonly accountId: string;
}

export class UploadTrigger extends Construct {
  constructor(scope: Construct, id: string, props: UploadTriggerProps) {
    super(scope, id);
    const { function: lambda, rolePolicy } = props.target;

    new LambdaFunctionEventInvokeConfig(this, "retries", {
      functionName: lambda.functionName,
      maximumRetryAttempts: RETRIES,
      maximumEventAgeInSeconds: MAXIMUM_EVENT_AGE,
      destinationConfig: { onFailure: { destination: props.failuresBucket.arn } },
      // Lambda checks at once that the role may write there.
      dependsOn: [rolePolicy],
    });

    const permission = new LambdaPermission(this, "permission", {
      statementId: "AllowInvocationByImagesBucket",
      action: "lambda:InvokeFunction",
      functionName: lambda.functionName,
      principal: "s3.amazonaws.com",
      sourceArn: props.bucket.arn,
      // A bucket's ARN holds no account: should the bucket ever be deleted, its name may become someone else's.
      sourceAccount: props.accountId,
    });

    // S3 keeps one configuration per bucket, so all suffixes are in one resource.
    new S3BucketNotification(this, "notification", {
      bucket: props.bucket.bucket,
      lambdaFunction: props.suffixes.map((suffix) => ({
        id: `original-${suffix.replace(/^\./, "")}`,
        lambdaFunctionArn: lambda.arn,
        events: ["s3:ObjectCreated:*"],
        filterPrefix: ORIGINAL_PREFIX,
        filterSuffix: suffix,
      })),
      // S3 refuses a notification to a function that it may not invoke.
      dependsOn: [permission],
    });
  }
}
