// A bucket's access control list, which has its owner alone: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html

import { answerXml, type Operation } from "../call";
import { ownerOf } from "../listing/list-objects";

export const getBucketAcl: Operation = (state, { context, bucket, response }) => {
  state.access.authorize(context, "s3:GetBucketAcl", bucket);
  const owner = ownerOf(state);
  const type = { "@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", "@xsi:type": "CanonicalUser" };
  answerXml(response, "AccessControlPolicy", {
    Owner: owner,
    AccessControlList: { Grant: { Grantee: { ...type, ...owner }, Permission: "FULL_CONTROL" } },
  });
};
