// Where an operation and its members are in HTTP, as the REST protocols have it, and how a request is taken apart by that.
// https://smithy.io/2.0/spec/http-bindings.html

import type { IncomingMessage } from "node:http";
import type { Api, Operation } from "../api/operation";
import type { Members, Shape } from "../api/shapes";
import { AwsError } from "../aws-error";
import type { RequestContext } from "../service";
import { scalarOf } from "./query-form";

/** Where an operation and its members are in HTTP. */
export interface RestBinding {
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "HEAD" | "PATCH";
  /**
   * With the members of the path: `/2015-03-31/functions/{FunctionName}`; `{Resource+}` takes slashes too. What follows a
   * `?` must be in the query: `/2020-05-31/tagging?Operation=Tag`.
   */
  readonly path: string;
  /** @default 200 */
  readonly status?: number;
  /** Member → parameter of the query. */
  readonly query?: Readonly<Record<string, string>>;
  /** Member → header, in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The member that is the whole body; without it the body has the other members. */
  readonly payload?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: each operation knows the types of its own input
type AnyOperation = Operation<any, any>;

/** An operation that a request is for. */
export interface Matched<B extends RestBinding> {
  readonly operation: AnyOperation;
  readonly binding: B;
  /** The members of the path. */
  readonly path: Readonly<Record<string, string>>;
}

/**
 * Makes the search for the operation of a request.
 * @throws AwsError of the code `unknown` for what is none
 */
export function createRoutes<B extends RestBinding>(
  { name, operations }: Api,
  bindings: Readonly<Record<string, B>>,
  unknown: string,
): (method: string | undefined, path: string, query: URLSearchParams) => Matched<B> {
  const routes = operations.map((operation) => {
    const binding = bindings[operation.name];
    if (binding === undefined) throw new Error(`${operation.name} has no binding to HTTP`);
    return { operation, binding, pattern: patternOf(binding.path), fixed: fixedQueryOf(binding) };
  });
  // An operation that is told apart by its query is looked for before the one without.
  routes.sort((one, other) => other.fixed.length - one.fixed.length);
  return (method, path, query) => {
    for (const { operation, binding, pattern, fixed } of routes) {
      const isMeant = binding.method === method && fixed.every(([name, value]) => query.get(name) === value);
      const match = isMeant ? pattern.exec(path) : null;
      if (match !== null) return { operation, binding, path: decodeAll(match.groups ?? {}) };
    }
    const known = operations.map((each) => each.name).join(", ");
    throw new AwsError(unknown, `The embedded AWS's ${name} has no ${method} ${path}; it has ${known}`, 404);
  };
}

/** Adds the members that are in path, query and headers to those of the body. */
export function readOutsideBody(
  { operation, binding, path }: Matched<RestBinding>,
  request: IncomingMessage,
  { query }: RequestContext,
  body: Readonly<Record<string, unknown>>,
  errorCode: string,
): Record<string, unknown> {
  const given: Record<string, unknown> = { ...body };
  const members = operation.input as Members;
  const take = (name: string, text: string | null | undefined) => {
    const { kind } = members[name] ?? { kind: "string" };
    if (kind === "list" && text != null) given[name] = [...query.getAll(binding.query?.[name] ?? name)];
    else if (text != null) given[name] = valueOfText(kind, text, name, errorCode);
  };
  for (const [name, text] of Object.entries(path)) take(name, text);
  const parameters = Object.entries(binding.query ?? {});
  for (const [name, parameter] of parameters) take(name, query.get(parameter));
  for (const [name, header] of Object.entries(binding.headers ?? {})) take(name, request.headers[header]?.toString());
  const known = [...parameters.map(([, parameter]) => parameter), ...fixedQueryOf(binding).map(([name]) => name)];
  const unknown = [...query.keys()].find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new AwsError(errorCode, `The embedded AWS does not know the parameter "${unknown}" of the query`);
  }
  return given;
}

/** The parameters of the query that an operation is told by. */
const fixedQueryOf = ({ path }: RestBinding): [name: string, value: string][] => [
  ...new URLSearchParams(path.split("?")[1] ?? ""),
];

const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path.split("?")[0]?.replace(/\{(\w+)(\+?)\}/g, (_, name, greedy) => `(?<${name}>${greedy ? ".+" : "[^/]+"})`)}/?$`,
  );

function valueOfText(kind: Shape["kind"], text: string, name: string, errorCode: string): unknown {
  if (kind !== "number" || /^-?\d+$/.test(text)) return scalarOf(kind, text, name, errorCode);
  throw new AwsError(errorCode, `${name} must be an integer (given "${text}")`);
}

function decodeAll(groups: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    throw new AwsError("ValidationException", "The request's path is not percent-encoded UTF-8", 400);
  }
}
