// What a viewer gets of the origin's headers, and what the distribution adds to them.

import type { IncomingHttpHeaders } from "node:http";
import type { ResponseHeadersPolicyConfig } from "./policies";

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

/** A header that responses carry; where the origin has sent it too, it is replaced only with `Override`. */
interface AddedHeader {
  readonly Header: string;
  readonly Value: string;
  readonly Override: boolean;
}

/** The headers of a response: first what the policy removes, then what it adds. */
export function viewerHeaders(
  fromOrigin: IncomingHttpHeaders,
  policy: ResponseHeadersPolicyConfig | undefined,
): Record<string, string> {
  const removed = policy?.RemoveHeadersConfig?.Items?.map(({ Header }) => Header.toLowerCase()) ?? [];
  const added = [...securityHeaders(policy?.SecurityHeadersConfig), ...(policy?.CustomHeadersConfig?.Items ?? [])];
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(fromOrigin)) {
    if (value !== undefined && !NOT_PASSED_ON.includes(name) && !removed.includes(name)) headers[name] = String(value);
  }
  for (const { Header, Value, Override } of added) {
    const name = Header.toLowerCase();
    if (Override || headers[name] === undefined) headers[name] = Value;
  }
  return headers;
}

function securityHeaders(config: ResponseHeadersPolicyConfig["SecurityHeadersConfig"] = {}): AddedHeader[] {
  const header = <T extends { readonly Override: boolean }>(
    Header: string,
    given: T | undefined,
    textOf: (of: T) => string,
  ) => (given === undefined ? [] : [{ Header, Value: textOf(given), Override: given.Override }]);
  return [
    ...header("content-security-policy", config.ContentSecurityPolicy, (each) => each.ContentSecurityPolicy),
    ...header("x-content-type-options", config.ContentTypeOptions, () => "nosniff"),
    ...header("x-frame-options", config.FrameOptions, (each) => each.FrameOption),
    ...header("referrer-policy", config.ReferrerPolicy, (each) => each.ReferrerPolicy),
    ...header("strict-transport-security", config.StrictTransportSecurity, (each) =>
      [
        `max-age=${each.AccessControlMaxAgeSec}`,
        ...(each.IncludeSubdomains ? ["includeSubDomains"] : []),
        ...(each.Preload ? ["preload"] : []),
      ].join("; "),
    ),
  ];
}
