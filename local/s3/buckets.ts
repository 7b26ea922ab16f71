// Operations on buckets that are no listings of objects: ListBuckets, HeadBucket, GetBucketLocation,
// GetBucketVersioning, GetBucketNotificationConfiguration.

import { answerEmpty, answerXml, type Call, type Operation, type State } from "./call";
import { ownerOf } from "./list-objects";

/** The one operation without a bucket. */
export function listBuckets(state: State, { context, query, response }: Omit<Call, "bucket" | "key">): void {
  state.access.authorizeAccount(context, "s3:ListAllMyBuckets");
  const prefix = query.get("prefix") ?? "";
  const buckets = state.store.buckets().filter(({ name }) => name.startsWith(prefix));
  answerXml(response, "ListAllMyBucketsResult", {
    Owner: ownerOf(state),
    Buckets: { Bucket: buckets.map(({ name, created }) => ({ Name: name, CreationDate: created.toISOString() })) },
    Prefix: prefix === "" ? undefined : prefix,
  });
}

export const headBucket: Operation = ({ access, account }, { context, bucket, response }) => {
  access.authorize(context, "s3:ListBucket", bucket);
  response.setHeader("x-amz-bucket-region", account.region);
  response.setHeader("x-amz-access-point-alias", "false");
  response.setHeader("content-type", "application/xml");
  answerEmpty(response);
};

export const getBucketLocation: Operation = ({ access, account }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetBucketLocation", bucket);
  // The first region has no name here: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
  answerXml(response, "LocationConstraint", { "#text": account.region === "us-east-1" ? "" : account.region });
};

/** Says nothing of a bucket that never had versioning. */
export const getBucketVersioning: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetBucketVersioning", bucket);
  answerXml(response, "VersioningConfiguration", { Status: bucket.versioning });
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html */
export const getBucketNotificationConfiguration: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetBucketNotification", bucket);
  answerXml(response, "NotificationConfiguration", {
    CloudFunctionConfiguration: bucket.notifications.map(({ id, lambdaFunctionArn, events, prefix, suffix }) => ({
      Id: id,
      Filter: filterOf({ Prefix: prefix, Suffix: suffix }),
      CloudFunction: lambdaFunctionArn,
      Event: events,
    })),
  });
};

function filterOf(values: Readonly<Record<string, string | undefined>>) {
  const rules = Object.entries(values).filter(([, value]) => value !== undefined);
  if (rules.length === 0) return undefined;
  return { S3Key: { FilterRule: rules.map(([Name, Value]) => ({ Name, Value })) } };
}
