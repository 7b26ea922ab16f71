// What docs/github-actions.md denies the role that plans, which whoever may push can use: all but what a plan reads.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compilePolicy, readPolicyDocument } from "../../local/iam/policy";
import { ROOT } from "../imports";

describe("The plan role's denials in docs/github-actions.md", () => {
  const doc = readFileSync(join(ROOT, "docs", "github-actions.md"), "utf8");
  const [, denials = ""] = [...doc.matchAll(/```json\n([^`]*)```/g)].map(([, json = ""]) => json);
  const policy = denials.replaceAll("<account id>", "111122223333").replaceAll("<bucket of the states>", "our-states");
  const statements = compilePolicy(readPolicyDocument(policy), "identity");
  const isDenied = (action: string, resource: string) =>
    statements.some((each) => each.action(action.toLowerCase()) && each.resource(resource));
  const LAMBDA = "arn:aws:lambda:eu-west-1:111122223333:function";
  const TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/user-profile";
  const PARAMETER = "arn:aws:ssm:eu-west-1:111122223333:parameter";
  const BUCKET = "arn:aws:s3:::user-profile-images-111122223333";
  const each = (resource: string, service: string, actions: readonly string[]) =>
    actions.map((action) => [`${service}:${action}`, resource] as const);
  const PHOTO = `${BUCKET}/original/1.jpg`;

  // What the provider calls to read a stack with everything on, as its log says.
  test.each([
    ...each(BUCKET, "s3", [
      "ListBucket",
      "GetLifecycleConfiguration",
      "GetBucketVersioning",
      "GetEncryptionConfiguration",
      "GetReplicationConfiguration",
      "GetBucketPolicy",
      "GetBucketCORS",
      "GetBucketPublicAccessBlock",
      "GetBucketWebsite",
      "GetBucketAcl",
      "GetAccelerateConfiguration",
      "GetBucketObjectLockConfiguration",
      "GetBucketTagging",
      "ListTagsForResource",
      "GetBucketRequestPayment",
      "GetBucketOwnershipControls",
      "GetBucketLogging",
      "GetBucketNotification",
    ]),
    ...each("arn:aws:s3:::our-states/profile-image-prod.tfstate", "s3", ["GetObject"]),
    ...each("*", "cloudwatch", ["ListTagsForResource", "DescribeAlarms", "GetDashboard"]),
    ...each("arn:aws:iam::111122223333:role/CreateThumbnailRole", "iam", [
      "GetRole",
      "GetRolePolicy",
      "ListRolePolicies",
      "ListAttachedRolePolicies",
    ]),
    ...each("*", "logs", ["DescribeLogGroups", "DescribeMetricFilters", "ListTagsForResource"]),
    ...each(`${LAMBDA}:CreateThumbnail-prod`, "lambda", [
      "GetFunction",
      "GetFunctionCodeSigningConfig",
      "GetFunctionEventInvokeConfig",
      "GetPolicy",
      "ListTags",
      "ListVersionsByFunction",
    ]),
    ...each("arn:aws:lambda:eu-west-1:111122223333:event-source-mapping:x", "lambda", ["GetEventSourceMapping"]),
    ...each(TABLE, "dynamodb", [
      "DescribeTable",
      "DescribeContinuousBackups",
      "DescribeTimeToLive",
      "ListTagsOfResource",
    ]),
    ...each(`${PARAMETER}/profile-image-prod/tinypng-key`, "ssm", ["GetParameter", "ListTagsForResource"]),
    ...each("*", "ssm", ["DescribeParameters"]),
    ...each("arn:aws:kms:eu-west-1:111122223333:key/x", "kms", [
      "DescribeKey",
      "GetKeyPolicy",
      "GetKeyRotationStatus",
      "ListResourceTags",
      "Decrypt",
    ]),
    ...each("arn:aws:sns:eu-west-1:111122223333:profile-image-alarms", "sns", [
      "GetTopicAttributes",
      "GetSubscriptionAttributes",
      "ListTagsForResource",
    ]),
    ...each("*", "sts", ["GetCallerIdentity"]),
  ])("leave a plan %s of %s", (action, resource) => {
    expect(isDenied(action, resource)).toBe(false);
  });

  test.each([
    ["s3:GetObject", PHOTO],
    ["s3:GetObjectVersion", PHOTO],
    ["s3:GetObject", "arn:aws:s3:::our-states/another-project.tfstate"],
    ["dynamodb:GetItem", TABLE],
    ["dynamodb:BatchGetItem", TABLE],
    ["dynamodb:Query", TABLE],
    ["dynamodb:Scan", TABLE],
    ["dynamodb:PartiQLSelect", TABLE],
    ["dynamodb:GetRecords", `${TABLE}/stream/2026-11-25T00:00:00.000`],
    ["ssm:GetParameter", `${PARAMETER}/other/password`],
    ["ssm:GetParametersByPath", `${PARAMETER}/profile-image`],
    ["ssm:GetParameterHistory", `${PARAMETER}/other/password`],
    ["secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x"],
    ["logs:GetLogEvents", "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/CreateThumbnail:log-stream:x"],
    ["logs:FilterLogEvents", "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/CreateThumbnail:*"],
    ["logs:StartQuery", "*"],
    ["lambda:GetFunction", `${LAMBDA}:Billing`],
    ["lambda:GetFunctionConfiguration", `${LAMBDA}:Billing`],
    ["lambda:ListFunctions", "*"],
    ["sqs:ReceiveMessage", "arn:aws:sqs:eu-west-1:111122223333:orders"],
    ["ec2:GetConsoleOutput", "*"],
    ["athena:GetQueryResults", "*"],
  ])("keep %s of %s from it", (action, resource) => {
    expect(isDenied(action, resource)).toBe(true);
  });
});
