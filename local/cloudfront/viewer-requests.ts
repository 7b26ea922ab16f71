// The way of one request of a viewer: behavior, cache, origin, and the headers of the response.

import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { behaviorFor } from "./cache-behavior";
import { bucketOf, type DistributionConfig } from "./distribution-config";
import type { EdgeCache, OriginResponse } from "./edge-cache";
import type { AskOrigin, OriginRequest } from "./origin";
import type { CachePolicyConfig, ResponseHeadersPolicyConfig } from "./policies";
import { viewerHeaders } from "./response-headers";

/** A distribution and what it refers to, as they are now. */
export interface ViewerRequestsOptions {
  config(): DistributionConfig;
  cachePolicy(id: string): CachePolicyConfig | undefined;
  headersPolicy(id: string): ResponseHeadersPolicyConfig | undefined;
  readonly region: string;
  readonly cache: EdgeCache;
  readonly ask: AskOrigin;
}

/** What goes to the origin of a viewer's headers with a cache policy that names none: conditions and ranges. */
const PASSED_TO_ORIGIN = ["if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "range"];

/** Makes the handler of a distribution's requests. */
export function createViewerRequests(options: ViewerRequestsOptions) {
  const { region, cache, ask } = options;

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "" } = request;
    const [path = "/"] = (request.url ?? "/").split("?");
    const config = options.config();
    const behavior = behaviorFor(config, path);
    const policy = options.headersPolicy(behavior.ResponseHeadersPolicyId ?? "");
    const allowed: readonly string[] = behavior.AllowedMethods.Items;
    if (!config.Enabled || !allowed.includes(method)) return refuse(response, policy);

    const origin = config.Origins.Items.find(({ Id }) => Id === behavior.TargetOriginId);
    const cachePolicy = options.cachePolicy(behavior.CachePolicyId);
    if (origin === undefined || cachePolicy === undefined) throw new Error(`${path} has no origin or no cache policy`);
    // One that asks for the whole response, if anything.
    const key = cacheKeyOf(origin.Id, path);
    const found = request.headers.range === undefined ? cache.find(key) : undefined;
    const asked: OriginRequest = { method, path, headers: passedToOrigin(request) };
    const originResponse =
      found?.response ?? (await ask({ bucket: bucketOf(origin, region), path: origin.OriginPath }, asked));
    if (found === undefined && method === "GET" && [200, 403, 404].includes(originResponse.status)) {
      cache.keep(key, originResponse, cachePolicy);
    }
    const isSame = found !== undefined && originResponse.status === 200 && hasAlready(request, originResponse);
    response.writeHead(isSame ? 304 : originResponse.status, {
      ...viewerHeaders(originResponse.headers, policy),
      ...(isSame && { "content-length": "0" }),
      ...(found !== undefined && { age: String(found.age) }),
      ...edgeHeaders(found !== undefined ? "Hit" : originResponse.status >= 400 ? "Error" : "Miss"),
    });
    response.end(method === "HEAD" || isSame ? undefined : originResponse.body);
  };
}

const cacheKeyOf = (originId: string, path: string): string => `${originId} ${path}`;

/** The path of what is kept under a key, without its query. */
export const pathOfCacheKey = (key: string): string => key.slice(key.indexOf(" ") + 1);

const passedToOrigin = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    PASSED_TO_ORIGIN.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );

/** Whether the viewer has the response that the edge would send. */
const hasAlready = ({ headers }: IncomingMessage, originResponse: OriginResponse): boolean =>
  headers["if-none-match"]?.split(/\s*,\s*/).some((each) => each === originResponse.headers.etag || each === "*") ??
  false;

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html */
const edgeHeaders = (what: "Hit" | "Miss" | "Error") => ({
  "x-cache": `${what} from cloudfront`,
  via: "1.1 cloudfront.localhost (CloudFront)",
  "x-amz-cf-pop": "LOCAL1-P1",
  "x-amz-cf-id": randomBytes(42).toString("base64url"),
});

/** CloudFront's own refusal: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-403-permission-denied.html */
function refuse(response: ServerResponse, policy: ResponseHeadersPolicyConfig | undefined): void {
  const body = Buffer.from(
    "<HTML><BODY><H1>403 ERROR</H1><P>This distribution is not configured to allow the HTTP request method that was used for this request.</P></BODY></HTML>\n",
  );
  const headers = { "content-type": "text/html", "content-length": String(body.length) };
  response.writeHead(403, { ...viewerHeaders(headers, policy), ...edgeHeaders("Error") }).end(body);
}
