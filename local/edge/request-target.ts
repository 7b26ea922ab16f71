// The first line and the Host of a request: where it goes, and whether it may be meant for this machine at all.

import type { IncomingMessage } from "node:http";
import { AwsError } from "../aws-error";

export interface RequestTarget {
  /** Without port, in lower case. */
  readonly host: string;
  /** As it was sent. */
  readonly path: string;
  /** As it was sent, without `?`. */
  readonly rawQuery: string;
  readonly query: URLSearchParams;
}

export const TINIFY_HOST = "api.tinify.com";

/**
 * Reads a request's target; refuses what cannot be decoded, and hosts that are not names of this machine: a web page that
 * rebinds its DNS name to 127.0.0.1 would otherwise reach the services from a browser.
 */
export function readRequestTarget(request: IncomingMessage): RequestTarget {
  const { path, rawQuery } = splitUrl(request);
  if (/%(?![0-9A-Fa-f]{2})/.test(path) || /%(?![0-9A-Fa-f]{2})/.test(rawQuery)) {
    throw new AwsError("InvalidURI", "Couldn't parse the specified URI.", 400, { URI: path });
  }
  const host = hostOf(request);
  const isOurs =
    host === "localhost" || host.endsWith(".localhost") || ["127.0.0.1", "[::1]", TINIFY_HOST].includes(host);
  if (!isOurs) {
    throw new AwsError(
      "AccessDenied",
      `The embedded AWS serves this machine only: the host "${host}" is not one of localhost, *.localhost, 127.0.0.1, [::1]`,
      403,
    );
  }
  return { host, path, rawQuery, query: new URLSearchParams(rawQuery) };
}

function splitUrl(request: IncomingMessage): { path: string; rawQuery: string } {
  // A proxy's form, http://host/path, names the host twice; the Host header decides.
  const url = (request.url ?? "").replace(/^https?:\/\/[^/?]*/i, "");
  if (!url.startsWith("/")) {
    throw new AwsError("InvalidURI", "Couldn't parse the specified URI.", 400, { URI: request.url });
  }
  const mark = url.indexOf("?");
  return mark < 0 ? { path: url, rawQuery: "" } : { path: url.slice(0, mark), rawQuery: url.slice(mark + 1) };
}

function hostOf(request: IncomingMessage): string {
  return (request.headers.host ?? "").replace(/:\d*$/, "").toLowerCase();
}
