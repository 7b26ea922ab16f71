// An address of a thumbnail for whoever has no AWS credentials, for as long as it was signed for.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ShareObjectPreSignedURL.html

import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

export interface SignedAddress {
  readonly url: string;
  /** ISO 8601; with temporary credentials it ends with them, if that is earlier. */
  readonly expires: string;
}

/**
 * Signs the reading of one thumbnail; sends nothing, and does not look whether it is there.
 * @param key as the profile's `thumbnail` names it
 * @param expiresIn seconds, a week at most
 */
export async function signThumbnail(
  s3: S3Client,
  bucket: string,
  key: string,
  expiresIn: number,
): Promise<SignedAddress> {
  const expires = new Date(Date.now() + expiresIn * 1000).toISOString();
  return { url: await getSignedUrl(s3, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn }), expires };
}
