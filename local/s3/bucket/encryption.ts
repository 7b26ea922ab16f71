// PutBucketEncryption, DeleteBucketEncryption: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html

import { operation } from "../../api/operation";
import { boolean, list, required, string, structure } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import { type Operation, type State, sendEmpty } from "../call";
import { malformedXml } from "../errors";
import { element, onlyElements, parseXml, requiredText, text, texts } from "../xml";
import { handlerOf } from "./configure";

/** What every bucket has that nobody sets otherwise. */
const DEFAULT = "AES256";
const AWS_MANAGED_KEY = "alias/aws/s3";

const RULE = structure({
  ApplyServerSideEncryptionByDefault: required(structure({ SSEAlgorithm: required(string), KMSMasterKeyID: string })),
  BucketKeyEnabled: boolean,
  BlockedEncryptionTypes: structure({ EncryptionType: list(string) }),
});

export const putBucketEncryption = operation({
  name: "PutBucketEncryption",
  input: {
    Bucket: required(string),
    ServerSideEncryptionConfiguration: required(structure({ Rules: required(list(RULE)) })),
  },
  resources: ({ Bucket }, { access }: State) => [access.authorizationOf("s3:PutEncryptionConfiguration", Bucket)],
  run({ store, configuration }, { Bucket, ServerSideEncryptionConfiguration: { Rules } }): void {
    const [rule, ...others] = Rules;
    if (rule === undefined || others.length > 0) throw malformedXml();
    const blocked = rule.BlockedEncryptionTypes?.EncryptionType;
    if (blocked?.some((type) => type !== "SSE-C" && type !== "NONE")) throw malformedXml();
    const { SSEAlgorithm, KMSMasterKeyID: key } = rule.ApplyServerSideEncryptionByDefault;
    if (key !== undefined && key !== AWS_MANAGED_KEY) {
      throw new AwsError("NotImplemented", `The embedded S3 knows no key but ${AWS_MANAGED_KEY} (given ${key})`, 501);
    }
    configuration.putBucketEncryption(Bucket, SSEAlgorithm);
    const bucket = store.bucket(Bucket);
    bucket.kmsMasterKeyId = key;
    bucket.bucketKeyEnabled = rule.BucketKeyEnabled ?? false;
    bucket.blockedEncryptionTypes = blocked;
  },
});

export const handlePutBucketEncryption = handlerOf(putBucketEncryption, {
  read(document) {
    const configuration = parseXml(document, "ServerSideEncryptionConfiguration");
    onlyElements(configuration, "Rule");
    const rule = element(configuration, "Rule");
    onlyElements(rule, "ApplyServerSideEncryptionByDefault", "BucketKeyEnabled", "BlockedEncryptionTypes");
    const bucketKey = text(rule, "BucketKeyEnabled") ?? "false";
    if (bucketKey !== "true" && bucketKey !== "false") throw malformedXml();
    const byDefault = element(rule, "ApplyServerSideEncryptionByDefault");
    onlyElements(byDefault, "SSEAlgorithm", "KMSMasterKeyID");
    const { BlockedEncryptionTypes: blocked } = rule;
    return {
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: {
              SSEAlgorithm: requiredText(byDefault, "SSEAlgorithm"),
              KMSMasterKeyID: text(byDefault, "KMSMasterKeyID"),
            },
            BucketKeyEnabled: bucketKey === "true",
            BlockedEncryptionTypes:
              blocked === undefined
                ? undefined
                : { EncryptionType: texts(element(rule, "BlockedEncryptionTypes"), "EncryptionType") },
          },
        ],
      },
    };
  },
});

export const deleteBucketEncryption: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:PutEncryptionConfiguration", bucket);
  bucket.sseAlgorithm = DEFAULT;
  bucket.kmsMasterKeyId = undefined;
  bucket.bucketKeyEnabled = false;
  bucket.blockedEncryptionTypes = undefined;
  sendEmpty(response, 204);
};
