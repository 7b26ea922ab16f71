// PutBucketPolicy, DeleteBucketPolicy, GetBucketPolicyStatus:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html

import { isPublicPolicy } from "../../iam";
import { hasAcls } from "../acl/decide";
import { isPublic } from "../acl/types";
import { receiveDocument } from "../body/receive";
import { answerEmpty, answerXml, type Operation } from "../call";
import { missing } from "../errors";

export const putBucketPolicy: Operation = async ({ access, configuration }, call) => {
  const { context, bucket, response } = call;
  access.authorize(context, "s3:PutBucketPolicy", bucket);
  configuration.putBucketPolicy(bucket.name, await receiveDocument(call, "required"));
  answerEmpty(response, 204);
};

export const deleteBucketPolicy: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:DeleteBucketPolicy", bucket);
  bucket.policy = undefined;
  answerEmpty(response, 204);
};

export const getBucketPolicyStatus: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetBucketPolicyStatus", bucket);
  if (bucket.policy === undefined) {
    throw missing("NoSuchBucketPolicy", "The bucket policy does not exist", bucket.name);
  }
  answerXml(response, "PolicyStatus", {
    IsPublic: isPublicPolicy(bucket.policy) || (hasAcls(bucket) && isPublic(bucket.grants ?? [])),
  });
};
