// Where a function's deployment package can be downloaded: a presigned URL into a bucket of Lambda's own, which nobody else
// may read. https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCodeLocation.html

import { createReadStream, openSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Account } from "../account";
import { ALGORITHM, canonicalRequestOf, stringToSignOf } from "../edge/canonical-request";
import { deriveSigningKey, sign } from "../edge/signing-key";
import type { Credentials, Iam } from "../iam/types";
import { refuse, writeCommonHeaders } from "../s3/error-response";
import { accessDenied, noSuchKey } from "../s3/errors";
import type { Service } from "../service";
import { type FunctionRegistry, LAMBDA_PRINCIPAL, type LambdaFunction } from "./functions";

/** Ten minutes: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html */
const EXPIRES_SECONDS = "600";

export interface PackageLocations {
  /** The URL of a function's package. */
  locationOf(target: LambdaFunction): string;
  /** Serves requests for such URLs. */
  readonly downloads: Service;
}

export function createPackageLocations(
  account: Readonly<Account>,
  iam: Pick<Iam, "actAsService">,
  functions: Pick<FunctionRegistry, "list">,
): PackageLocations {
  const bucket = `awslambda-${account.region}-tasks`;
  let credentials: Credentials | undefined;
  const keyOf = ({ configuration, code }: LambdaFunction) => {
    const digest = Buffer.from(code.sha256, "base64").toString("hex");
    const uuid = digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
    return `snapshots/${account.accountId}/${configuration.functionName}-${uuid}`;
  };

  return {
    locationOf(target) {
      credentials ??= iam.actAsService({ service: LAMBDA_PRINCIPAL, sourceArn: `arn:aws:s3:::${bucket}` });
      return presigned(account, credentials, `/${bucket}/${keyOf(target)}`);
    },

    downloads: {
      async handle(request, response, { caller, path, requestId, describe }) {
        const key = path.slice(`/${bucket}/`.length);
        describe("GetObject", `arn:aws:s3:::${bucket}/${key}`);
        writeCommonHeaders(response, requestId);
        const isLambda = caller.kind === "service" && caller.service === LAMBDA_PRINCIPAL;
        if (!isLambda || request.method !== "GET") throw accessDenied();
        const target = functions.list().find((each) => keyOf(each) === key);
        if (target === undefined) throw noSuchKey(key);
        const { zip, size } = target.code;
        // Opened now, since the function may be deleted in the next instant, and its code with it.
        const fd = openSync(zip, "r");
        response.writeHead(200, { "content-type": "application/zip", "content-length": size });
        await pipeline(createReadStream(zip, { fd }), response);
      },
      refuse,
      close: async () => {},
    },
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
function presigned({ endpoint, region }: Readonly<Account>, credentials: Credentials, path: string): string {
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const scope = { date: date.slice(0, 8), region, service: "s3" };
  const scopeText = `${scope.date}/${region}/s3/aws4_request`;
  const rawQuery = new URLSearchParams({
    "X-Amz-Security-Token": credentials.sessionToken ?? "",
    "X-Amz-Algorithm": ALGORITHM,
    "X-Amz-Date": date,
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Expires": EXPIRES_SECONDS,
    "X-Amz-Credential": `${credentials.accessKeyId}/${scopeText}`,
  }).toString();
  const canonical = canonicalRequestOf({
    method: "GET",
    path,
    rawQuery,
    rawHeaders: ["host", new URL(endpoint).host],
    signedHeaders: ["host"],
    payloadHash: "UNSIGNED-PAYLOAD",
    isS3: true,
  });
  const key = deriveSigningKey(credentials.secretAccessKey, scope);
  const signature = sign(key, stringToSignOf(canonical, date, scopeText));
  return `${endpoint}${path}?${rawQuery}&X-Amz-Signature=${signature}`;
}
