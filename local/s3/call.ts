// What one operation gets to work with: the request, its target, the state of this S3, and ways to respond.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Account } from "../account";
import type { Iam } from "../iam/types";
import type { RequestContext } from "../service";
import type { Access, Asker } from "./access";
import type { Configuration } from "./bucket/types";
import type { Events } from "./events";
import type { ContentStore } from "./store/content";
import type { Store } from "./store/store";
import type { Bucket, Version } from "./store/types";
import { renderXml, type XmlElement } from "./xml";

/** The state of one embedded S3. */
export interface State {
  readonly account: Account;
  readonly iam: Iam;
  readonly store: Store;
  readonly contents: ContentStore;
  readonly access: Access;
  readonly events: Events;
  readonly configuration: Configuration;
  /** Whether a data directory keeps what is here; it knows the stack's buckets alone. */
  readonly isKept: boolean;
}

export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly context: RequestContext & Pick<Asker, "referer">;
  readonly query: URLSearchParams;
  /** The bucket that the request names; for an operation of the service there is none. */
  readonly bucket: Bucket;
  /** The decoded key; empty for operations on a bucket. */
  readonly key: string;
  header(name: string): string | undefined;
}

export type Operation = (state: State, call: Call) => Promise<void> | void;

/** Reads one header of a request; repeated ones are joined. */
export const headerReader = (request: IncomingMessage) => (name: string) => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(",") : value;
};

/** Responds with a document. */
export function sendXml(
  response: ServerResponse,
  root: string,
  content: XmlElement,
  { status = 200, namespace = true }: { status?: number; namespace?: boolean } = {},
): void {
  const body = Buffer.from(renderXml(root, content, namespace));
  response.writeHead(status, { "content-type": "application/xml", "content-length": body.length }).end(body);
}

/** Responds with headers alone. */
export function sendEmpty(response: ServerResponse, status = 200): void {
  if (status !== 204) response.setHeader("content-length", 0);
  response.writeHead(status).end();
}

/** Names the version in the response; a bucket that never had versioning says nothing of versions. */
export function setVersionId(response: ServerResponse, { versioning }: Bucket, { versionId }: Version): void {
  if (versioning !== undefined) response.setHeader("x-amz-version-id", versionId);
}

/** Names the version that a write made: only a bucket whose versioning is on makes ids. */
export function setNewVersionId(response: ServerResponse, bucket: Bucket, version: Version): void {
  if (bucket.versioning === "Enabled") setVersionId(response, bucket, version);
}
