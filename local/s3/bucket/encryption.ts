// PutBucketEncryption, DeleteBucketEncryption: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html

import { AwsError } from "../../aws-error";
import { receiveDocument } from "../body/receive";
import { answerEmpty, type Operation } from "../call";
import { malformedXml } from "../errors";
import { element, onlyElements, parseXml, requiredText, text, texts } from "../xml";

/** What every bucket has that nobody sets otherwise. */
const DEFAULT = "AES256";
const AWS_MANAGED_KEY = "alias/aws/s3";

export const putBucketEncryption: Operation = async ({ access, configuration }, call) => {
  const { context, bucket, response } = call;
  access.authorize(context, "s3:PutEncryptionConfiguration", bucket);
  const document = parseXml(await receiveDocument(call, "required"), "ServerSideEncryptionConfiguration");
  onlyElements(document, "Rule");
  const rule = element(document, "Rule");
  onlyElements(rule, "ApplyServerSideEncryptionByDefault", "BucketKeyEnabled", "BlockedEncryptionTypes");
  const blocked =
    rule.BlockedEncryptionTypes === undefined
      ? undefined
      : texts(element(rule, "BlockedEncryptionTypes"), "EncryptionType");
  if (blocked?.some((type) => type !== "SSE-C" && type !== "NONE")) throw malformedXml();
  const bucketKey = text(rule, "BucketKeyEnabled") ?? "false";
  if (bucketKey !== "true" && bucketKey !== "false") throw malformedXml();
  const byDefault = element(rule, "ApplyServerSideEncryptionByDefault");
  onlyElements(byDefault, "SSEAlgorithm", "KMSMasterKeyID");
  const key = text(byDefault, "KMSMasterKeyID");
  if (key !== undefined && key !== AWS_MANAGED_KEY) {
    throw new AwsError("NotImplemented", `The embedded S3 knows no key but ${AWS_MANAGED_KEY} (given ${key})`, 501);
  }
  configuration.putBucketEncryption(bucket.name, requiredText(byDefault, "SSEAlgorithm"));
  bucket.kmsMasterKeyId = key;
  bucket.bucketKeyEnabled = bucketKey === "true";
  bucket.blockedEncryptionTypes = blocked;
  answerEmpty(response);
};

export const deleteBucketEncryption: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:PutEncryptionConfiguration", bucket);
  bucket.sseAlgorithm = DEFAULT;
  bucket.kmsMasterKeyId = undefined;
  bucket.bucketKeyEnabled = false;
  bucket.blockedEncryptionTypes = undefined;
  answerEmpty(response, 204);
};
