// The query protocol: a form with Action and Version, XML out. IAM, STS, SNS and CloudWatch speak it.
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Api } from "../api/operation";
import { perform } from "../api/perform";
import { AwsError } from "../aws-error";
import type { Iam } from "../iam/types";
import type { RequestContext } from "../service";
import { readForm } from "./query-form";
import { createXmlRefusal, sendXml } from "./xml";

export interface QueryProtocolOptions {
  readonly api: Api;
  readonly iam: Iam;
  /** The API's date, such as `2010-05-08`. */
  readonly version: string;
  /** Of its documents, such as `https://iam.amazonaws.com/doc/2010-05-08/`. */
  readonly namespace: string;
}

/** Makes the `handle` and `refuse` of a service that speaks the query protocol. */
export function createQueryProtocol({ api, iam, version, namespace }: QueryProtocolOptions) {
  const operations = new Map(api.operations.map((operation) => [operation.name, operation]));

  return {
    async handle(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void> {
      const form = new URLSearchParams(request.method === "POST" ? context.body.toString("utf8") : context.query);
      const name = form.get("Action") ?? "";
      const operation = operations.get(name);
      if (operation === undefined || form.get("Version") !== version) {
        const known = `it has ${[...operations.keys()].join(", ")} of ${version}`;
        const given = `${name}" of ${form.get("Version")}`;
        throw new AwsError("InvalidAction", `The embedded AWS has no operation "${given}; ${known}`, 400);
      }
      form.delete("Action");
      form.delete("Version");
      const given = readForm(operation.input, form, api.inputError);
      const output = await perform(api, operation, iam, given, context, context.describe);
      const { requestId } = context;
      sendXml(response, 200, requestId, {
        [`${name}Response`]: {
          "@xmlns": namespace,
          ...(output !== undefined && { [`${name}Result`]: elementsOf(output) }),
          ResponseMetadata: { RequestId: requestId },
        },
      });
    },

    refuse: createXmlRefusal(namespace),
  };
}

/** Lists are `member`s, Maps `entry`s with key and value; times are ISO 8601. */
function elementsOf(value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return { member: value.map(elementsOf) };
  if (value instanceof Map) {
    return { entry: [...value].map(([key, each]) => ({ key, value: elementsOf(each) })) };
  }
  if (typeof value !== "object") return String(value);
  const members = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
  return Object.fromEntries(members.map(([name, each]) => [name, elementsOf(each)]));
}
