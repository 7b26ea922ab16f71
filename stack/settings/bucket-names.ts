// What S3 takes as the name of a general purpose bucket, reserved names among them.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html

const NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const IP_ADDRESS = /^\d+(\.\d+){3}$/;

export const RESERVED_PREFIXES = ["xn--", "sthree-", "amzn-s3-demo-"];
export const RESERVED_SUFFIXES = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

/** Of buckets in an account's own namespace, which carry the account and region in front of it and are made otherwise. */
export const ACCOUNT_SUFFIX = "-an";

/** Whether a bucket that is there already can have the name. */
export const isBucketName = (name: string): boolean =>
  NAME.test(name) && !name.includes("..") && !IP_ADDRESS.test(name) && !isReserved(name);

/** Whether a name that is allowed otherwise begins or ends as S3 keeps for itself. */
export const isReserved = (name: string): boolean =>
  RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix)) ||
  RESERVED_SUFFIXES.some((suffix) => name.endsWith(suffix));

/** Whether S3 would take a new bucket that ends like this. */
export const mayEndNewBucket = (end: string): boolean =>
  ![...RESERVED_SUFFIXES, ACCOUNT_SUFFIX].some((suffix) => end.endsWith(suffix));
