// Where Lambda's operations and their members are in HTTP, held to the models that AWS's own client carries.

import * as client from "@aws-sdk/client-lambda";
import { OPERATIONS } from "../../../local/lambda/operations";
import { BINDINGS } from "../../../local/lambda/operations/bindings";

/** As the client exports an operation: kind, namespace, name, traits, input and output. */
type OperationModel = readonly [9, string, string, { readonly http: Place }, () => StructureModel];
type Place = readonly [method: string, path: string, status: number];
/** Kind, namespace, name, traits, and its members: their names, and each one's schema, in a pair with its traits if any. */
type StructureModel = readonly [3, string, string, unknown, readonly string[], readonly unknown[]];
type Traits = Readonly<Record<string, string>>;

const modelOf = (name: string) => (client as unknown as Record<string, OperationModel>)[`${name}$`] as OperationModel;
const resolve = <T>(schema: T | (() => T)): T => (typeof schema === "function" ? (schema as () => T)() : schema);

/** Those of the members which have the trait, with its value. */
function membersWith(trait: string, operationName: string, members: readonly string[]): Record<string, string> {
  const [, , , , names, schemas] = resolve(modelOf(operationName)[4]);
  return Object.fromEntries(
    names.flatMap((name, index) => {
      const schema = schemas[index];
      const traits = Array.isArray(schema) && schema.length === 2 ? (schema[1] as Traits) : {};
      const value = traits[trait];
      return value !== undefined && members.includes(name) ? [[name, value.toLowerCase()]] : [];
    }),
  );
}

/** What the model leaves out: an answer's own StatusCode where a page says 204, and a header of every request. */
const STATUSES: Readonly<Record<string, number>> = { DeleteFunction: 204 };
const HEADERS: Readonly<Record<string, Record<string, string>>> = { Invoke: { TraceId: "x-amzn-trace-id" } };

it.each(OPERATIONS)("$name is where AWS's client looks for it, and so are its members", ({ name, input }) => {
  const { method, path, status = 200, query = {}, headers = {} } = BINDINGS[name] ?? {};
  const [modelMethod, modelPath, modelStatus] = modelOf(name)[3].http;
  expect({ method, path, status }).toEqual({
    method: modelMethod,
    path: modelPath,
    status: STATUSES[name] ?? modelStatus,
  });
  const members = Object.keys(input);
  const lowerCase = Object.entries(query).map(([member, parameter]) => [member, parameter.toLowerCase()]);
  expect(Object.fromEntries(lowerCase)).toEqual(membersWith("httpQuery", name, members));
  expect(headers).toEqual({ ...membersWith("httpHeader", name, members), ...HEADERS[name] });
});
