// What a bucket is set to, as GetBucketPolicy, GetBucketCors, GetBucketEncryption, GetPublicAccessBlock and
// GetBucketOwnershipControls tell: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html

import { type Operation, sendXml } from "../call";
import { missing } from "../errors";

export const getBucketPolicy: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetBucketPolicy", bucket);
  if (bucket.policy === undefined) {
    throw missing("NoSuchBucketPolicy", "The bucket policy does not exist", bucket.name);
  }
  const body = Buffer.from(JSON.stringify(bucket.policy));
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
};

export const getBucketCors: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetBucketCORS", bucket);
  if (bucket.cors.length === 0) {
    throw missing("NoSuchCORSConfiguration", "The CORS configuration does not exist", bucket.name);
  }
  sendXml(response, "CORSConfiguration", {
    CORSRule: bucket.cors.map((rule) => ({
      ID: rule.id,
      AllowedHeader: rule.allowedHeaders,
      AllowedMethod: rule.allowedMethods,
      AllowedOrigin: rule.allowedOrigins,
      ExposeHeader: rule.exposeHeaders,
      MaxAgeSeconds: rule.maxAgeSeconds,
    })),
  });
};

export const getBucketEncryption: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetEncryptionConfiguration", bucket);
  sendXml(response, "ServerSideEncryptionConfiguration", {
    Rule: {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: bucket.sseAlgorithm, KMSMasterKeyID: bucket.kmsMasterKeyId },
      BucketKeyEnabled: bucket.bucketKeyEnabled,
      BlockedEncryptionTypes: bucket.blockedEncryptionTypes && { EncryptionType: bucket.blockedEncryptionTypes },
    },
  });
};

export const getPublicAccessBlock: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetBucketPublicAccessBlock", bucket);
  if (bucket.publicAccessBlock === undefined) {
    const message = "The public access block configuration was not found";
    throw missing("NoSuchPublicAccessBlockConfiguration", message, bucket.name);
  }
  const { blockPublicAcls, ignorePublicAcls, blockPublicPolicy, restrictPublicBuckets } = bucket.publicAccessBlock;
  sendXml(response, "PublicAccessBlockConfiguration", {
    BlockPublicAcls: blockPublicAcls,
    IgnorePublicAcls: ignorePublicAcls,
    BlockPublicPolicy: blockPublicPolicy,
    RestrictPublicBuckets: restrictPublicBuckets,
  });
};

export const getBucketOwnershipControls: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetBucketOwnershipControls", bucket);
  if (bucket.objectOwnership === undefined) {
    throw missing("OwnershipControlsNotFoundError", "The bucket ownership controls were not found", bucket.name);
  }
  sendXml(response, "OwnershipControls", { Rule: { ObjectOwnership: bucket.objectOwnership } });
};
