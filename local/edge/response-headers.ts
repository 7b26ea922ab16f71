// What makes every response mere bytes to a browser. All services, and all that anybody stored, share one origin: without
// this an HTML object would run there and read the tables.

import type { ServerResponse } from "node:http";

/** S3 alone lets pages of other origins show some of its responses. */
export const RESPONSE_HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "sandbox; default-src 'none'",
  "cross-origin-resource-policy": "same-origin",
};

/** Has the response carry them, whoever writes it. */
export function setResponseHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(RESPONSE_HEADERS)) response.setHeader(name, value);
}
