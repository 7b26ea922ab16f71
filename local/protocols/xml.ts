// XML documents in, for all services that take them, and out, for those of the query and the REST protocol. Values stay
// text: a key such as `0042` or ` a ` must arrive as it was written.

import type { ServerResponse } from "node:http";
import { XMLBuilder, XMLParser, XMLValidator } from "fast-xml-parser";
import type { AwsError } from "../aws-error";

/**
 * Makes a reader of documents: their elements, by the root's name; undefined for what is no document.
 * @param isList whether the element at a path, such as `Delete.Object`, is always read as an array
 */
export function createXmlReader(isList: (path: string) => boolean = () => false) {
  const parser = new XMLParser({
    ignoreAttributes: true,
    removeNSPrefix: true,
    parseTagValue: false,
    trimValues: false,
    htmlEntities: true,
    isArray: (_name, path) => isList(String(path)),
  });

  return (document: string): Record<string, unknown> | undefined => {
    // A document type can define entities; no request has one.
    if (document.includes("<!DOCTYPE") || XMLValidator.validate(document) !== true) return undefined;
    try {
      return parser.parse(document);
    } catch {
      // The parser refuses more than the validator: names such as __proto__, and elements nested without end.
      return undefined;
    }
  };
}

/** Whether it is an element that holds elements. */
export const isElement = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@", suppressEmptyNode: false });

/** Sends a document; what begins with `@` is an attribute. */
export function sendXml(
  response: ServerResponse,
  status: number,
  requestId: string,
  document: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = builder.build(document);
  response.writeHead(status, {
    "content-type": "text/xml",
    "content-length": Buffer.byteLength(body),
    "x-amzn-requestid": requestId,
    ...headers,
  });
  response.end(body);
}

/** Makes the `refuse` of a service whose documents have this namespace. */
export const createXmlRefusal =
  (namespace: string) =>
  (error: AwsError, _request: unknown, response: ServerResponse, requestId: string): void => {
    const Type = error.status >= 500 ? "Receiver" : "Sender";
    const cause = { Type, Code: error.code, Message: error.message };
    const document = { ErrorResponse: { "@xmlns": namespace, Error: cause, RequestId: requestId } };
    sendXml(response, error.status, requestId, document);
  };
