// Requests that a web page makes through its user's browser. Anybody knows the key pair of the embedded AWS, so a page can
// sign as well as its user: nothing but what browsers themselves say of a page tells the two apart.
// https://developer.mozilla.org/en-US/docs/Glossary/Fetch_metadata_request_header

import type { IncomingMessage } from "node:http";
import { AwsError } from "./aws-error";

/** A web page of another origin, as its browser shows it. */
export interface WebPage {
  /** `null` for a sandboxed frame or a file; absent where the page will not get to read the response. */
  readonly origin?: string;
  /** What the response is for: `image`, `document`, `iframe`; `empty` for a script's own request. */
  readonly destination?: string;
  /** The header that gave it away, for refusals. */
  readonly sign: string;
}

/** The page of another origin behind a request; none behind AWS's clients, curl, and an address that somebody typed. */
export function foreignPageOf({ headers }: IncomingMessage): WebPage | undefined {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"]?.toString();
  const destination = headers["sec-fetch-dest"]?.toString();
  if (origin !== undefined && origin !== `http://${host}`) return { origin, destination, sign: `Origin ${origin}` };
  if (site === undefined || site === "same-origin" || site === "none") return undefined;
  return { origin, destination, sign: `Sec-Fetch-Site ${site}` };
}

/**
 * The refusal of such a page.
 * @param remedy what would have to be otherwise, if anything could
 */
export function pageRefused({ sign }: WebPage, method = "", remedy?: string): AwsError {
  const message = `The embedded AWS takes no ${method} from web pages of other origins (given ${sign})`;
  return new AwsError("AccessDenied", remedy === undefined ? message : `${message}; ${remedy}`, 403);
}
