// PutBucketPolicy, DeleteBucketPolicy, GetBucketPolicyStatus:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html

import { operation } from "../../api/operation";
import { required, string } from "../../api/shapes";
import { isPublicPolicy } from "../../iam";
import { hasAcls } from "../acl/decide";
import { isPublic } from "../acl/types";
import { type Operation, type State, sendEmpty, sendXml } from "../call";
import { missing } from "../errors";
import { handlerOf } from "./configure";

export const putBucketPolicy = operation({
  name: "PutBucketPolicy",
  input: { Bucket: required(string), Policy: required(string) },
  resources: ({ Bucket }, { access }: State) => [access.authorizationOf("s3:PutBucketPolicy", Bucket)],
  run({ configuration }, { Bucket, Policy }): void {
    configuration.putBucketPolicy(Bucket, Policy);
  },
});

export const handlePutBucketPolicy = handlerOf(putBucketPolicy, {
  status: 204,
  read: (document) => ({ Policy: document }),
});

export const deleteBucketPolicy: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:DeleteBucketPolicy", bucket);
  bucket.policy = undefined;
  sendEmpty(response, 204);
};

export const getBucketPolicyStatus: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetBucketPolicyStatus", bucket);
  if (bucket.policy === undefined) {
    throw missing("NoSuchBucketPolicy", "The bucket policy does not exist", bucket.name);
  }
  sendXml(response, "PolicyStatus", {
    IsPublic: isPublicPolicy(bucket.policy) || (hasAcls(bucket) && isPublic(bucket.grants ?? [])),
  });
};
