// Asks S3 as CloudFront does: over HTTP, signed as the service for one distribution (origin access control), so that the
// bucket's policy decides. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html

import { Agent, type IncomingMessage, request } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Account } from "../account";
import { ALGORITHM, canonicalRequestOf, stringToSignOf } from "../edge/canonical-request";
import { createSigningKeys, sign } from "../edge/signing-key";
import type { Credentials } from "../iam/types";
import type { OriginResponse } from "./edge-cache";

const NO_BODY = "UNSIGNED-PAYLOAD";

/** What of a viewer's request the origin gets to see. */
export interface OriginRequest {
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where in S3 an origin is. */
export interface BucketOrigin {
  readonly bucket: string;
  /** Put before each path that is asked for. */
  readonly path: string;
}

export type AskOrigin = (origin: BucketOrigin, asked: OriginRequest) => Promise<OriginResponse>;

/** Makes the way to the buckets, with the keys of one distribution; its connections end with `close`. */
export function createOriginClient(account: Account, { accessKeyId, secretAccessKey, sessionToken = "" }: Credentials) {
  const agent = new Agent({ keepAlive: true });
  const signingKey = createSigningKeys();

  function signedHeaders(method: string, path: string, given: Readonly<Record<string, string>>) {
    const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
    const scope = { date: date.slice(0, 8), region: account.region, service: "s3" };
    const headers: Record<string, string> = {
      ...given,
      host: new URL(account.endpoint).host,
      "x-amz-content-sha256": NO_BODY,
      "x-amz-date": date,
      "x-amz-security-token": sessionToken,
    };
    const names = ["host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"];
    const rawHeaders = Object.entries(headers).flat();
    const canonical = {
      method,
      path,
      rawQuery: "",
      rawHeaders,
      signedHeaders: names,
      payloadHash: NO_BODY,
      isS3: true,
    };
    const scopeText = `${scope.date}/${scope.region}/s3/aws4_request`;
    const signature = sign(
      signingKey(secretAccessKey, scope),
      stringToSignOf(canonicalRequestOf(canonical), date, scopeText),
    );
    headers.authorization = `${ALGORITHM} Credential=${accessKeyId}/${scopeText}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
    return headers;
  }

  const ask: AskOrigin = (origin, { method, path, headers }) => {
    const full = `/${origin.bucket}${origin.path}${path}`;
    return new Promise((resolve, reject) => {
      const received = (response: IncomingMessage) =>
        buffer(response).then(
          (body) => resolve({ status: response.statusCode ?? 502, headers: response.headers, body }),
          reject,
        );
      request(account.endpoint, { agent, method, path: full, headers: signedHeaders(method, full, headers) }, received)
        .on("error", reject)
        .end();
    });
  };
  return { ask, close: () => agent.destroy() };
}
