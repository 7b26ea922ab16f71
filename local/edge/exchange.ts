// A request and its response, as an activity shows them: bounded, and without secrets. What may be published is listed here;
// everything else is left out: keys, tokens and signatures above all, and the bytes of pictures.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestSummary, ResponseSummary } from "../activity";

/** What is published of a service's requests and responses: nothing, their headers, or JSON bodies as well. */
export type Published = "nothing" | "headers" | "bodies";

/** Longer ones are cut. */
const MAX_BODY_BYTES = 4_096;
const MAX_HEADER_CHARACTERS = 512;
const MAX_HEADERS = 40;

const HEADERS =
  /^(accept-ranges|cache-control|compression-count|content-(disposition|encoding|language|length|range|type)|etag|expires|if-(none-)?match|if-(un)?modified-since|image-(height|width)|last-modified|location|range|retry-after|x-amz-.+|x-amzn-(errortype|requestid))$/;
/** And what only the signature needs. */
const SECRET_HEADERS = /token|signature|credential|customer|x-amz-(content-sha256|date|id-2|user-agent)/;
/** A query's signature and keys; SigV2's have names of their own. */
const SECRET_PARAMETERS = /^(x-amz-(signature|credential|security-token)|signature|awsaccesskeyid)$/i;
const JSON_TYPE = /^application\/(x-amz-)?json/;

/** What a request asked for. */
export function summaryOf(
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
  body: Buffer,
  published: Published,
): RequestSummary {
  const shown = new URLSearchParams(query);
  for (const name of query.keys()) if (SECRET_PARAMETERS.test(name)) shown.delete(name);
  const search = shown.size === 0 ? "" : `?${shown}`;
  const text = published === "bodies" ? jsonOf(request.headers["content-type"], body) : undefined;
  return {
    method: request.method ?? "",
    path: cut(path + search, MAX_HEADER_CHARACTERS * 2),
    headers: headersOf(request.headers),
    ...(text !== undefined && { body: text }),
  };
}

/**
 * Watches a response that is still to be written.
 * @returns reads what was sent, once it has been
 */
export function watchResponse(response: ServerResponse, published: Published): () => ResponseSummary {
  let last: unknown;
  if (published === "bodies") {
    const { end } = response;
    response.end = ((...given: Parameters<typeof end>) => {
      [last] = given as unknown[];
      return end.apply(response, given);
    }) as typeof end;
  }
  return () => {
    const text = jsonOf(response.getHeader("content-type"), last);
    return {
      status: response.statusCode,
      headers: headersOf(response.getHeaders()),
      ...(text !== undefined && { body: text }),
    };
  };
}

function headersOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const shown: Record<string, string> = {};
  let count = 0;
  for (const name in headers) {
    if (headers[name] === undefined || !HEADERS.test(name) || SECRET_HEADERS.test(name)) continue;
    shown[name] = cut(String(headers[name]), MAX_HEADER_CHARACTERS);
    count += 1;
    if (count === MAX_HEADERS) break;
  }
  return shown;
}

function jsonOf(type: unknown, body: unknown): string | undefined {
  if (!JSON_TYPE.test(String(type)) || !(typeof body === "string" || body instanceof Uint8Array)) return undefined;
  const bytes = Buffer.from(body as Uint8Array);
  if (bytes.length === 0) return undefined;
  return bytes.length <= MAX_BODY_BYTES ? bytes.toString() : `${bytes.subarray(0, MAX_BODY_BYTES).toString()}…`;
}

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length)}…`);
