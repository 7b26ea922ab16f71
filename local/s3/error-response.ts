// Errors as S3 writes them: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html

import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AwsError } from "../aws-error";
import { renderXmlError, type XmlElement } from "./xml";

/** The headers of every response. */
export function writeCommonHeaders(response: ServerResponse, requestId: string): void {
  response.setHeader("x-amz-request-id", requestId);
  if (!response.hasHeader("x-amz-id-2")) response.setHeader("x-amz-id-2", randomBytes(57).toString("base64"));
  response.setHeader("server", "AmazonS3");
}

/** Headers that describe an object and must not describe an error. */
const OBJECT_HEADERS = [
  "accept-ranges",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-range",
  "etag",
  "expires",
  "last-modified",
  "x-amz-version-id",
];

/** Responds with an error; to HEAD and without a message with no body, and not at all once the response has begun. */
export function refuse(error: AwsError, request: IncomingMessage, response: ServerResponse, requestId: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const name of OBJECT_HEADERS) response.removeHeader(name);
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  writeCommonHeaders(response, requestId);
  if (error.message === "") {
    response.writeHead(error.status, { "content-length": 0 }).end();
    return;
  }
  response.setHeader("content-type", "application/xml");
  if (request.method === "HEAD") {
    // As S3 does: a response without a length ends the connection for Node's clients, and each "is it there?" with it.
    // https://github.com/nodejs/node/issues/12396
    response.writeHead(error.status, { "transfer-encoding": "chunked" }).end();
    return;
  }
  const body = Buffer.from(
    renderXmlError({
      Code: error.code,
      Message: error.message,
      ...(error.fields as XmlElement),
      RequestId: requestId,
      HostId: String(response.getHeader("x-amz-id-2")),
    }),
  );
  response.writeHead(error.status, { "content-length": body.length }).end(body);
}
