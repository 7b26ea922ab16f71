// CreateBucket: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html

import { operation } from "../../api/operation";
import { boolean, required, string, structure } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import { cannedBucketGrants } from "../acl/canned";
import { ownerOfCaller } from "../acl/owners";
import { readAclHeaders } from "../acl/read-grants";
import { type Grant, isPublic, type Owner } from "../acl/types";
import { receiveDocument } from "../body/receive";
import { type Call, type State, sendEmpty } from "../call";
import { aclWithOwnership, bucketAlreadyExists, bucketAlreadyOwned } from "../errors";
import { onlyElements, parseXml, text } from "../xml";
import { checkOwnership } from "./configuration";

/** The only region whose buckets have no location: it was there before locations were. */
const FIRST_REGION = "us-east-1";

/** Called from within, it makes the stack's buckets, which a data directory knows. */
export const createBucket = operation({
  name: "CreateBucket",
  input: {
    Bucket: required(string),
    ObjectOwnership: string,
    ObjectLockEnabledForBucket: boolean,
    CreateBucketConfiguration: structure({ LocationConstraint: string }),
  },
  resources: ({ Bucket }) => [{ resource: `arn:aws:s3:::${Bucket}` }],
  run(state: State, input, { caller }) {
    const { region, accountId } = state.account;
    checkLocation(region, input.CreateBucketConfiguration?.LocationConstraint);
    return make(state, ownerOfCaller(caller, accountId), {
      name: input.Bucket,
      ownership: input.ObjectOwnership ?? "BucketOwnerEnforced",
      hasLock: input.ObjectLockEnabledForBucket ?? false,
    });
  },
});

/** Handles requests for the one operation on a bucket that is not there. */
export async function handleCreateBucket(
  state: State,
  call: Omit<Call, "bucket" | "key">,
  name: string,
): Promise<void> {
  const { access, account, store, isKept } = state;
  const { context, header, response } = call;
  access.authorizeName(context, "s3:CreateBucket", name);
  const ownership = header("x-amz-object-ownership") ?? "BucketOwnerEnforced";
  const owner = ownerOfCaller(context.caller, account.accountId);
  const grants = readGrants(state, call, ownership, owner);
  checkLocation(account.region, readLocation(await receiveDocument(call, "of object")));
  if (isKept && !store.hasBucket(name)) {
    const message = "With a data directory the embedded S3 keeps the buckets of its stack, and makes no others.";
    throw new AwsError("NotImplemented", message, 501);
  }
  const hasLock = header("x-amz-bucket-object-lock-enabled")?.toLowerCase() === "true";
  const { Location } = make(state, owner, { name, ownership, hasLock, grants });
  response.setHeader("location", Location);
  sendEmpty(response);
}

interface NewBucket {
  readonly name: string;
  readonly ownership: string;
  readonly hasLock: boolean;
  readonly grants?: readonly Grant[];
}

function make({ account, store, configuration }: State, owner: Owner, { name, ownership, hasLock, grants }: NewBucket) {
  const made = { Location: `/${name}` };
  if (store.hasBucket(name)) {
    if (store.bucket(name).owner !== owner) throw bucketAlreadyExists(name);
    // The oldest region responds as if it were created.
    if (account.region !== FIRST_REGION) throw bucketAlreadyOwned(name);
    return made;
  }
  checkOwnership(ownership);
  configuration.createBucket({ bucket: name, owner });
  configuration.putBucketOwnershipControls(name, ownership);
  const bucket = store.bucket(name);
  bucket.grants = grants;
  if (hasLock) {
    bucket.objectLock = {};
    bucket.versioning = "Enabled";
  }
  return made;
}

/** A new bucket blocks public access, so that its list lets in accounts at most. */
function readGrants(
  { iam }: State,
  { header, query }: Pick<Call, "header" | "query">,
  ownership: string,
  owner: Owner,
): readonly Grant[] | undefined {
  const asked = readAclHeaders(header, query, iam);
  if (asked === undefined || ("canned" in asked && asked.canned === "private")) return undefined;
  const grants = "canned" in asked ? cannedBucketGrants(asked.canned, owner) : asked.grants;
  if (ownership === "BucketOwnerEnforced") throw aclWithOwnership();
  if (!isPublic(grants)) return grants;
  const message = "Bucket cannot have public ACLs set with BlockPublicAccess enabled";
  throw new AwsError("InvalidBucketAclWithBlockPublicAccessError", message, 400);
}

function readLocation(document: string): string | undefined {
  const configuration = document.trim() === "" ? {} : parseXml(document, "CreateBucketConfiguration");
  onlyElements(configuration, "LocationConstraint");
  return text(configuration, "LocationConstraint")?.trim();
}

/** An endpoint makes buckets of its own region: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function checkLocation(region: string, asked: string | undefined): void {
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
