// Operations on buckets other than listings of objects: ListBuckets, HeadBucket, GetBucketLocation,
// GetBucketVersioning, GetBucketNotificationConfiguration.

import { operation } from "../../api/operation";
import { required, string } from "../../api/shapes";
import { ownerElement, ownerOfCaller } from "../acl/owners";
import { type Call, type Operation, type State, sendEmpty, sendXml } from "../call";
import { invalidArgument, operationNotImplemented } from "../errors";
import { decodeToken, encodeToken } from "../listing/list-objects";

const MAX_BUCKETS = 10_000;
const LIST_PARAMETERS = ["bucket-region", "continuation-token", "max-buckets", "prefix"];

/** The one operation without a bucket: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export function listBuckets(state: State, { context, query, response }: Omit<Call, "bucket" | "key">): void {
  state.access.authorizeAccount(context, "s3:ListAllMyBuckets");
  // What signatures add, and the parameter with which SDKs name the operation, ask for nothing.
  const names = [...query.keys()].filter((name) => name !== "x-id" && !/^x-amz-/i.test(name));
  const unknown = names.find((name) => !LIST_PARAMETERS.includes(name));
  if (unknown !== undefined) throw operationNotImplemented(`ListBuckets with ${unknown}`);
  const { region } = state.account;
  const prefix = query.get("prefix") ?? "";
  const token = query.get("continuation-token");
  const after = token === null ? "" : decodeToken(token);
  const isHere = (query.get("bucket-region") ?? region) === region;
  const owner = ownerOfCaller(context.caller, state.account.accountId);
  const own = state.store.buckets().filter((bucket) => bucket.owner === owner);
  const rest = own.filter(({ name }) => isHere && name.startsWith(prefix) && name > after);
  const page = rest.slice(0, readMaxBuckets(query));
  const last = page.at(-1);
  sendXml(response, "ListAllMyBucketsResult", {
    Owner: ownerElement(owner),
    Buckets: {
      Bucket: page.map(({ name, created }) => ({
        Name: name,
        CreationDate: created.toISOString(),
        // Only a request with a parameter gets regions.
        BucketRegion: names.length === 0 ? undefined : region,
      })),
    },
    ContinuationToken: last !== undefined && page.length < rest.length ? encodeToken(last.name) : undefined,
    Prefix: prefix === "" ? undefined : prefix,
  });
}

function readMaxBuckets(query: URLSearchParams): number {
  const value = query.get("max-buckets");
  if (value === null) return MAX_BUCKETS;
  if (/^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= MAX_BUCKETS) return Number(value);
  throw invalidArgument(`Argument max-buckets must be an integer between 1 and ${MAX_BUCKETS}`, "max-buckets", value);
}

export const headBucket = operation({
  name: "HeadBucket",
  input: { Bucket: required(string) },
  resources: ({ Bucket }, { access }: State) => [access.authorizationOf("s3:ListBucket", Bucket)],
  run: ({ store }, { Bucket }) => ({ BucketArn: store.bucket(Bucket).arn }),
});

export const handleHeadBucket: Operation = ({ access, account }, { context, bucket, response }) => {
  access.authorize(context, "s3:ListBucket", bucket);
  response.setHeader("x-amz-bucket-region", account.region);
  response.setHeader("x-amz-access-point-alias", "false");
  response.setHeader("content-type", "application/xml");
  sendEmpty(response);
};

export const getBucketLocation: Operation = ({ access, account }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetBucketLocation", bucket);
  // The first region has no name here: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
  sendXml(response, "LocationConstraint", { "#text": account.region === "us-east-1" ? "" : account.region });
};

/** Says nothing of a bucket that never had versioning. */
export const getBucketVersioning: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetBucketVersioning", bucket);
  sendXml(response, "VersioningConfiguration", { Status: bucket.versioning });
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html */
export const getBucketNotificationConfiguration: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetBucketNotification", bucket);
  sendXml(response, "NotificationConfiguration", {
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
