// The REST protocol with XML: the operation is in method and path, and bodies are XML documents. CloudFront speaks it; S3,
// whose bodies are objects and whose operations hang on parameters of the query, has a protocol of its own.
// https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Api } from "../api/operation";
import { perform } from "../api/perform";
import type { Members, Shape } from "../api/shapes";
import { AwsError } from "../aws-error";
import type { Iam } from "../iam/types";
import type { RequestContext } from "../service";
import { scalarOf } from "./query-form";
import { createRoutes, type RestBinding, readOutsideBody } from "./rest-routes";
import { createXmlReader, createXmlRefusal, isElement, sendXml } from "./xml";

/** A payload is a structure here, and the document's root has its name. */
export interface RestXmlBinding extends RestBinding {
  /** The member of the output that is the whole body, if it has one, and those that are headers. */
  readonly output?: { readonly payload: string; readonly headers?: Readonly<Record<string, string>> };
}

export interface RestXmlProtocolOptions {
  readonly api: Api;
  readonly iam: Iam;
  readonly bindings: Readonly<Record<string, RestXmlBinding>>;
  /** Of its documents, such as `http://cloudfront.amazonaws.com/doc/2020-05-31/`. */
  readonly namespace: string;
  /** What the elements of a list are called, by the structure that the list is in. */
  readonly elementNames: Readonly<Record<string, string>>;
}

/** Makes the `handle` and `refuse` of a service that speaks REST with XML. */
export function createRestXmlProtocol(options: RestXmlProtocolOptions) {
  const { api, iam, bindings, namespace, elementNames } = options;
  const find = createRoutes(api, bindings, "NotImplemented");

  return {
    async handle(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void> {
      const matched = find(request.method, context.path, context.query);
      const { operation, binding } = matched;
      context.describe(operation.name);
      const { payload, status = 200 } = binding;
      const body =
        payload === undefined ? {} : { [payload]: readDocument(context.body, payload, operation.input[payload], api) };
      const given = readOutsideBody(matched, request, context, body, api.inputError);
      const output = (await perform(api, operation, iam, given, context, context.describe)) as Record<string, unknown>;
      if (binding.output === undefined) {
        response.writeHead(status, { "x-amzn-requestid": context.requestId }).end();
        return;
      }
      const { payload: root, headers = {} } = binding.output;
      const written = Object.entries(headers).map(([member, header]) => [header, String(output[member])]);
      const content = { "@xmlns": namespace, ...(elementsOf(output[root], root, elementNames) as object) };
      sendXml(response, status, context.requestId, { [root]: content }, Object.fromEntries(written));
    },

    refuse: createXmlRefusal(namespace),
  };
}

const readXml = createXmlReader();

function readDocument(body: Buffer, root: string, shape: Shape | undefined, { inputError }: Api): unknown {
  const text = body.toString("utf8");
  if (text === "") throw new AwsError("MissingBody", `The request has no body; it must be a ${root}`, 400);
  const content = readXml(text)?.[root];
  if (content === undefined) throw new AwsError("MalformedInput", `The body is no XML document of a ${root}`, 400);
  return shape === undefined ? content : contentOf(shape, content, root, inputError);
}

/** What an element holds, as JSON would have it; what no shape names is left as it is, to be refused by name. */
function contentOf(shape: Shape, content: unknown, at: string, errorCode: string): unknown {
  if (shape.kind === "structure") return membersOf(shape.members, content, errorCode);
  if (shape.kind === "list") {
    const elements = isElement(content) ? withoutSpace(content).flatMap(([, each]) => each) : [];
    return elements.map((each) => contentOf(shape.of, each, at, errorCode));
  }
  return typeof content === "string" ? scalarOf(shape.kind, content, at, errorCode) : content;
}

function membersOf(members: Members, content: unknown, errorCode: string): unknown {
  if (!isElement(content)) return String(content).trim() === "" ? {} : content;
  const read = withoutSpace(content).map(([name, each]) => {
    const shape = Object.hasOwn(members, name) ? members[name] : undefined;
    return [name, shape === undefined ? each : contentOf(shape, each, name, errorCode)];
  });
  return Object.fromEntries(read);
}

/** The space between elements is no element. */
const withoutSpace = (content: Record<string, unknown>) => Object.entries(content).filter(([name]) => name !== "#text");

/** Times are ISO 8601; what has no value is left out, and so is an empty list. */
function elementsOf(value: unknown, name: string, elementNames: Readonly<Record<string, string>>): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object" || value === null) return String(value);
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(
    members.map(([member, each]) => [
      member,
      Array.isArray(each) ? listOf(each, name, elementNames) : elementsOf(each, member, elementNames),
    ]),
  );
}

function listOf(values: readonly unknown[], parent: string, elementNames: Readonly<Record<string, string>>) {
  if (values.length === 0) return undefined;
  const name = elementNames[parent];
  if (name === undefined) throw new Error(`The elements of the list in ${parent} have no name`);
  return { [name]: values.map((each) => elementsOf(each, name, elementNames)) };
}
