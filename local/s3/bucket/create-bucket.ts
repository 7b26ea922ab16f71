// CreateBucket: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html

import { AwsError } from "../../aws-error";
import { receiveDocument } from "../body/receive";
import { answerEmpty, type Call, type State } from "../call";
import { bucketAlreadyOwned, headerNotImplemented } from "../errors";
import { onlyElements, parseXml, text } from "../xml";

/** The only region whose buckets have no location: it was there before locations were. */
const FIRST_REGION = "us-east-1";

/** The one operation on a bucket that is not there. */
export async function createBucket(state: State, call: Omit<Call, "bucket" | "key">, name: string): Promise<void> {
  const { access, account, store, configuration, isKept } = state;
  const { context, header, response } = call;
  access.authorizeName(context, "s3:CreateBucket", name);
  const acl = header("x-amz-acl");
  const lock = header("x-amz-bucket-object-lock-enabled");
  if (lock?.toLowerCase() === "true") throw headerNotImplemented("x-amz-bucket-object-lock-enabled", lock);
  const ownership = header("x-amz-object-ownership") ?? "BucketOwnerEnforced";
  if (acl !== undefined && acl !== "private") {
    if (ownership !== "BucketOwnerEnforced") throw headerNotImplemented("x-amz-acl", acl);
    const message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting";
    throw new AwsError("InvalidBucketAclWithObjectOwnership", message, 400);
  }
  checkLocation(account.region, await receiveDocument(call, "of object"));
  if (store.hasBucket(name)) {
    // The oldest region answers as if it were created.
    if (account.region !== FIRST_REGION) throw bucketAlreadyOwned(name);
  } else {
    if (isKept) {
      const message = "With a data directory the embedded S3 keeps the buckets of its stack, and makes no others.";
      throw new AwsError("NotImplemented", message, 501);
    }
    configuration.createBucket({ bucket: name });
    configuration.putBucketOwnershipControls(name, ownership);
  }
  response.setHeader("location", `/${name}`);
  answerEmpty(response);
}

/** An endpoint makes buckets of its own region: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function checkLocation(region: string, document: string): void {
  const configuration = document.trim() === "" ? {} : parseXml(document, "CreateBucketConfiguration");
  onlyElements(configuration, "LocationConstraint");
  const asked = text(configuration, "LocationConstraint")?.trim();
  if ((asked ?? FIRST_REGION) === region && (region !== FIRST_REGION || asked === undefined)) return;
  if (asked === FIRST_REGION && region === FIRST_REGION) {
    throw new AwsError("InvalidLocationConstraint", "The specified location-constraint is not valid", 400, {
      LocationConstraint: asked,
    });
  }
  throw new AwsError(
    "IllegalLocationConstraintException",
    `The ${asked ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    400,
  );
}
