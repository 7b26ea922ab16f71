// The failures bucket → ReportFailure → EventBridge: with the setting `events` an event is sent for each failure record.
// The function's own failures lie in the same bucket, so it is called for the others' prefixes alone.

import type { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { Construct } from "constructs";
import type { BundledFunction } from "./bundled-function";
import type { BucketReference } from "./images-bucket";
import { MAXIMUM_EVENT_AGE, RETRIES } from "./upload-trigger";

export interface FailureReportsProps {
  readonly failuresBucket: BucketReference;
  readonly setProfileImage: BundledFunction;
  readonly mapping: LambdaEventSourceMapping;
  readonly target: BundledFunction;
  readonly accountId: string;
}

export class FailureReports extends Construct {
  constructor(scope: Construct, id: string, props: FailureReportsProps) {
    super(scope, id);
    const { failuresBucket, setProfileImage, mapping, target } = props;
    const { function: lambda, rolePolicy } = target;

    new LambdaFunctionEventInvokeConfig(this, "retries", {
      functionName: lambda.functionName,
      maximumRetryAttempts: RETRIES,
      maximumEventAgeInSeconds: MAXIMUM_EVENT_AGE,
      destinationConfig: { onFailure: { destination: failuresBucket.arn } },
      // Lambda checks at once that the role may write there.
      dependsOn: [rolePolicy],
    });

    const permission = new LambdaPermission(this, "permission", {
      statementId: "AllowInvocationByFailuresBucket",
      action: "lambda:InvokeFunction",
      functionName: lambda.functionName,
      principal: "s3.amazonaws.com",
      sourceArn: failuresBucket.arn,
      sourceAccount: props.accountId,
    });

    /** Where each kind of record lies: functions/lib/failure-record.ts, and Lambda's pages on its destinations. */
    const prefixes = {
      "set-profile-image": "SetProfileImage/",
      "create-thumbnail": "CreateThumbnail/",
      "uploads-given-up": `aws/lambda/async/${setProfileImage.function.functionName}/`,
      "changes-given-up": `aws/lambda/${mapping.uuid}/`,
    };
    new S3BucketNotification(this, "notification", {
      bucket: failuresBucket.bucket,
      lambdaFunction: Object.entries(prefixes).map(([name, filterPrefix]) => ({
        id: `failures-${name}`,
        lambdaFunctionArn: lambda.arn,
        events: ["s3:ObjectCreated:*"],
        filterPrefix,
      })),
      // S3 refuses a notification to a function that it may not invoke.
      dependsOn: [permission],
    });
  }
}
