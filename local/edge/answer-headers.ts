// What makes every answer mere bytes to a browser. All services, and all that anybody stored, share one origin: without
// this an HTML object would run there and read the tables.

import type { ServerResponse } from "node:http";

/** S3 alone lets pages of other origins show some of its answers. */
export const ANSWER_HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "sandbox; default-src 'none'",
  "cross-origin-resource-policy": "same-origin",
};

/** Has the answer carry them, whoever writes it. */
export function writeAnswerHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(ANSWER_HEADERS)) response.setHeader(name, value);
}
