// What a viewer gets of the origin's headers, and what the distribution adds to them.

import type { IncomingHttpHeaders } from "node:http";
import type { ResponseHeadersPolicy } from "./types";

/** Of one connection or of S3's own, and those that only the embedded AWS adds, which is one origin for all its services. */
const NOT_PASSED_ON = [
  "connection",
  "content-security-policy",
  "cross-origin-resource-policy",
  "keep-alive",
  "transfer-encoding",
  "x-amz-id-2",
  "x-amz-request-id",
  "x-content-type-options",
];

/** The headers of a response: first what the policy removes, then what it adds. */
export function viewerHeaders(
  fromOrigin: IncomingHttpHeaders,
  policy: ResponseHeadersPolicy | undefined,
): Record<string, string> {
  const { removed = [], added = [] } = policy ?? {};
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(fromOrigin)) {
    if (value !== undefined && !NOT_PASSED_ON.includes(name) && !removed.includes(name)) headers[name] = String(value);
  }
  for (const { header, value, override } of added) {
    const name = header.toLowerCase();
    if (override || headers[name] === undefined) headers[name] = value;
  }
  return headers;
}
