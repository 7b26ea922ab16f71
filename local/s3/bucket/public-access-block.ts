// PutPublicAccessBlock, DeletePublicAccessBlock: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html

import { receiveDocument } from "../body/receive";
import { answerEmpty, type Operation } from "../call";
import { malformedXml } from "../errors";
import { onlyElements, parseXml, text } from "../xml";

export const putPublicAccessBlock: Operation = async ({ access, configuration }, call) => {
  const { context, bucket, response } = call;
  access.authorize(context, "s3:PutBucketPublicAccessBlock", bucket);
  const document = parseXml(await receiveDocument(call, "required"), "PublicAccessBlockConfiguration");
  onlyElements(document, "BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets");
  const flag = (name: string): boolean => {
    const value = text(document, name)?.trim().toLowerCase() ?? "false";
    if (value !== "true" && value !== "false") throw malformedXml();
    return value === "true";
  };
  configuration.putPublicAccessBlock(bucket.name, {
    blockPublicAcls: flag("BlockPublicAcls"),
    ignorePublicAcls: flag("IgnorePublicAcls"),
    blockPublicPolicy: flag("BlockPublicPolicy"),
    restrictPublicBuckets: flag("RestrictPublicBuckets"),
  });
  answerEmpty(response);
};

export const deletePublicAccessBlock: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:PutBucketPublicAccessBlock", bucket);
  bucket.publicAccessBlock = undefined;
  answerEmpty(response, 204);
};
