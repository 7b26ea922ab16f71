// PutBucketOwnershipControls, DeleteBucketOwnershipControls:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html

import { receiveDocument } from "../body/receive";
import { answerEmpty, type Operation } from "../call";
import { element, onlyElements, parseXml, requiredText } from "../xml";

export const putBucketOwnershipControls: Operation = async ({ access, configuration }, call) => {
  const { context, bucket, response } = call;
  access.authorize(context, "s3:PutBucketOwnershipControls", bucket);
  const document = parseXml(await receiveDocument(call, "required"), "OwnershipControls");
  onlyElements(document, "Rule");
  const rule = element(document, "Rule");
  onlyElements(rule, "ObjectOwnership");
  configuration.putBucketOwnershipControls(bucket.name, requiredText(rule, "ObjectOwnership"));
  answerEmpty(response);
};

export const deleteBucketOwnershipControls: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:PutBucketOwnershipControls", bucket);
  bucket.objectOwnership = undefined;
  answerEmpty(response, 204);
};
