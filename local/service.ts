// The contract between the edge, which speaks HTTP and knows who calls, and the services behind it.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { AwsError } from "./aws-error";
import type { WebPage } from "./web-page";

/** Who calls. `arn` is what AWS prints in a refusal; an anonymous caller has none. */
export type Caller = Identity & {
  /** The request they call with, so that its decisions can be told apart from those of others. */
  readonly requestId?: string;
};

type Identity =
  | { readonly kind: "administrator"; readonly arn: string }
  | { readonly kind: "role"; readonly arn: string; readonly roleName: string }
  /** A service of AWS's own that calls for one resource, with its name as `service`: `cloudfront.amazonaws.com`. */
  | { readonly kind: "service"; readonly service: string; readonly sourceArn?: string }
  | { readonly kind: "anonymous" };

/** The name of a caller in logs and activities. */
export function callerName(caller: Caller): string {
  if (caller.kind === "anonymous") return "anonymous";
  return caller.kind === "service" ? caller.service : caller.arn;
}

/** What a verified Signature Version 4 leaves behind for the body: S3 checks the payload against it as it streams. */
export interface VerifiedSignature {
  /** `x-amz-content-sha256`: a hex digest, `UNSIGNED-PAYLOAD` or one of the `STREAMING-…` modes. */
  readonly payloadHash: string;
  /** The signature of the head, hex: the seed of the first chunk signature. */
  readonly signature: string;
  /** Signs a string-to-sign with this request's signing key; hex. */
  sign(stringToSign: string): string;
  /** `x-amz-date`, and `date/region/service/aws4_request`. */
  readonly date: string;
  readonly scope: string;
}

/** One request, as the edge hands it to a service. */
export interface RequestContext {
  readonly requestId: string;
  readonly caller: Caller;
  /** The path as it was sent: still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The whole body, verified against the signature; empty for S3, whose bodies stream from the request itself. */
  readonly body: Buffer;
  /** Absent for anonymous requests. */
  readonly signature?: VerifiedSignature;
  /** The sender's address, for S3's events and `aws:SourceIp`. */
  readonly sourceIp: string;
  /** When its head came, in ms since 1970. */
  readonly arrivedAt: number;
  /** Names the operation and what it works on, for the activity stream. */
  describe(action: string, resource?: string, detail?: Record<string, unknown>): void;
}

/** A service behind the edge. */
export interface Service {
  /** Judges a request by its head, before its body is read; throws to refuse it. For services with keys of their own. */
  admit?(request: IncomingMessage): void;
  /**
   * Decides on a request of a web page of another origin before anything else does: throws to refuse it. A service
   * without this takes none.
   * @param path as it was sent, without the query
   */
  admitPage?(page: WebPage, request: IncomingMessage, path: string): void;
  /** Handles one request; may throw, and then `refuse` writes the response. */
  handle(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void>;
  /** Writes an error in the service's own protocol. Only `AwsError`s arrive here: the edge turns bugs into InternalError. */
  refuse(error: AwsError, request: IncomingMessage, response: ServerResponse, requestId: string): void;
  /** Stops timers, processes and files. */
  close(): Promise<void>;
}
