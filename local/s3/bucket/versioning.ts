// PutBucketVersioning: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html

import { operation } from "../../api/operation";
import { required, string, structure } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import type { State } from "../call";
import { malformedXml } from "../errors";
import { invalidBucketState } from "../lock/bucket-lock";
import { onlyElements, parseXml, text } from "../xml";
import { handlerOf } from "./configure";

export const putBucketVersioning = operation({
  name: "PutBucketVersioning",
  input: {
    Bucket: required(string),
    VersioningConfiguration: required(structure({ Status: string, MFADelete: string })),
  },
  resources: ({ Bucket }, { access }: State) => [access.authorizationOf("s3:PutBucketVersioning", Bucket)],
  run({ store, configuration }, { Bucket, VersioningConfiguration: { Status: status, MFADelete } }): void {
    if ((MFADelete ?? "Disabled") !== "Disabled") {
      throw new AwsError("NotImplemented", "The embedded S3 does not know MfaDelete.", 501);
    }
    if (status === undefined) {
      throw new AwsError("IllegalVersioningConfigurationException", "The Versioning element must be specified", 400);
    }
    if (status !== "Enabled" && status !== "Suspended") throw malformedXml();
    if (status === "Suspended" && store.bucket(Bucket).objectLock !== undefined) {
      throw invalidBucketState(
        "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
      );
    }
    configuration.putBucketVersioning(Bucket, status);
  },
});

export const handlePutBucketVersioning = handlerOf(putBucketVersioning, {
  read(document) {
    const configuration = parseXml(document, "VersioningConfiguration");
    onlyElements(configuration, "Status", "MfaDelete");
    return {
      VersioningConfiguration: {
        Status: text(configuration, "Status"),
        MFADelete: text(configuration, "MfaDelete"),
      },
    };
  },
});
