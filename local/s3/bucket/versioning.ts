// PutBucketVersioning: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html

import { AwsError } from "../../aws-error";
import { receiveDocument } from "../body/receive";
import { answerEmpty, type Operation } from "../call";
import { malformedXml } from "../errors";
import { invalidBucketState } from "../lock/bucket-lock";
import { onlyElements, parseXml, text } from "../xml";

export const putBucketVersioning: Operation = async ({ access, configuration }, call) => {
  const { context, bucket, response } = call;
  access.authorize(context, "s3:PutBucketVersioning", bucket);
  const document = parseXml(await receiveDocument(call, "required"), "VersioningConfiguration");
  onlyElements(document, "Status", "MfaDelete");
  if ((text(document, "MfaDelete") ?? "Disabled") !== "Disabled") {
    throw new AwsError("NotImplemented", "The embedded S3 does not know MfaDelete.", 501);
  }
  const status = text(document, "Status");
  if (status === undefined) {
    throw new AwsError("IllegalVersioningConfigurationException", "The Versioning element must be specified", 400);
  }
  if (status !== "Enabled" && status !== "Suspended") throw malformedXml();
  if (status === "Suspended" && bucket.objectLock !== undefined) {
    throw invalidBucketState(
      "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
    );
  }
  configuration.putBucketVersioning(bucket.name, status);
  answerEmpty(response);
};
