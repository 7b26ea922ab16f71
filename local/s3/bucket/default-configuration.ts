// What of a bucket is as AWS makes it where nobody says otherwise, and cannot be said otherwise here. Terraform reads
// all of it: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html

import { type Operation, sendXml } from "../call";
import { missing } from "../errors";
import type { XmlElement } from "../xml";

const readAs =
  (action: string, root: string, content: XmlElement): Operation =>
  ({ access }, { context, bucket, response }) => {
    access.authorize(context, action, bucket);
    sendXml(response, root, content);
  };

const missingAs =
  (action: string, code: string, message: string): Operation =>
  ({ access }, { context, bucket }) => {
    access.authorize(context, action, bucket);
    throw missing(code, message, bucket.name);
  };

export const getBucketAccelerateConfiguration = readAs("s3:GetAccelerateConfiguration", "AccelerateConfiguration", {});

export const getBucketLogging = readAs("s3:GetBucketLogging", "BucketLoggingStatus", {});

export const getBucketRequestPayment = readAs("s3:GetBucketRequestPayment", "RequestPaymentConfiguration", {
  Payer: "BucketOwner",
});

export const getBucketReplication = missingAs(
  "s3:GetReplicationConfiguration",
  "ReplicationConfigurationNotFoundError",
  "The replication configuration was not found",
);

export const getBucketWebsite = missingAs(
  "s3:GetBucketWebsite",
  "NoSuchWebsiteConfiguration",
  "The specified bucket does not have a website configuration",
);
