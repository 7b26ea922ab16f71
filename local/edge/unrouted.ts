// Responses to requests that never reach a service: those that are not HTTP, and those whose service is not here.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { AwsError } from "../aws-error";
import { RESPONSE_HEADERS } from "./response-headers";

/** Writes an error in the protocol that the client seems to speak: JSON, or S3's XML. */
export function refuseUnrouted(
  error: AwsError,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): void {
  const contentType = request.headers["content-type"] ?? "";
  const isJson = "x-amz-target" in request.headers || contentType.includes("json");
  const body = isJson
    ? JSON.stringify({ __type: error.code, message: error.message })
    : xmlOf(error, requestId, contentType.includes("x-www-form-urlencoded"));
  response.writeHead(error.status, {
    "content-type": isJson ? "application/x-amz-json-1.1" : "application/xml",
    "content-length": Buffer.byteLength(body),
    "x-amzn-requestid": requestId,
    "x-amzn-errortype": error.code,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** S3's bare Error, or the ErrorResponse of the query protocol, which STS and IAM speak. */
function xmlOf(error: AwsError, requestId: string, isQueryProtocol: boolean): string {
  const members = `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>`;
  const document = isQueryProtocol
    ? `<ErrorResponse><Error><Type>Sender</Type>${members}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`
    : `<Error>${members}<RequestId>${requestId}</RequestId></Error>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document}`;
}

const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

/** Responds to bytes that are not an HTTP request, and closes. */
export function refuseBytes(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS_LINES[error.code ?? ""] ?? "400 Bad Request";
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>BadRequest</Code><Message>An error occurred when parsing the HTTP request.</Message></Error>`;
  const headers = {
    "content-type": "application/xml",
    "content-length": body.length,
    connection: "close",
    ...RESPONSE_HEADERS,
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status}\r\n${head.join("")}\r\n${body}`);
}
