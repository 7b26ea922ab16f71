// Lambda's API: what the CLI and the SDKs can ask of it, each call decided by IAM.
// https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html

import { AwsError } from "../aws-error";
import type { Iam } from "../iam/types";
import { describeConfiguration, describeEventInvokeConfig, describeFunction, describeMapping } from "./descriptions";
import type { FunctionRegistry, LambdaFunction } from "./functions";
import { type InvokeDependencies, invokeOperation } from "./invoke-operation";
import type { Mapping, Mappings } from "./mappings";
import { json, type RestRequest, type RestRoute } from "./rest";
import { readConfigurationChange } from "./update-configuration";

const FUNCTIONS = "/2015-03-31/functions";
const MAPPINGS = "/2015-03-31/event-source-mappings";

export interface ApiOptions extends InvokeDependencies {
  readonly iam: Iam;
  readonly functions: FunctionRegistry;
  readonly mappings: Mappings;
  /** Told of a function whose configuration is another one now. */
  onChange(target: LambdaFunction): void;
}

/** The table of operations. */
export function createRoutes({ iam, functions, mappings, onChange, ...invoke }: ApiOptions): RestRoute[] {
  function authorize({ context }: RestRequest, action: string, resource: string): void {
    iam.authorize({ caller: context.caller, action: `lambda:${action}`, resource });
  }

  /** An operation on one function: finds it, then asks IAM, so that a refusal can name it. */
  const onFunction = (
    operation: string,
    method: string,
    path: string,
    handle: (target: LambdaFunction, request: RestRequest) => ReturnType<RestRoute["handle"]>,
    action = operation,
  ): RestRoute => ({
    operation,
    method,
    path,
    handle(request) {
      const qualifier = request.context.query.get("Qualifier") ?? undefined;
      const target = functions.get(request.path.FunctionName ?? "", qualifier);
      authorize(request, action, target.arn);
      return handle(target, request);
    },
  });

  return [
    onFunction(
      "Invoke",
      "POST",
      `${FUNCTIONS}/{FunctionName}/invocations`,
      (target, request) => invokeOperation(target, request, invoke),
      "InvokeFunction",
    ),
    onFunction("GetFunction", "GET", `${FUNCTIONS}/{FunctionName}`, (target) => json(describeFunction(target))),
    onFunction("GetFunctionConfiguration", "GET", `${FUNCTIONS}/{FunctionName}/configuration`, (target) =>
      json(describeConfiguration(target)),
    ),
    onFunction(
      "UpdateFunctionConfiguration",
      "PUT",
      `${FUNCTIONS}/{FunctionName}/configuration`,
      (target, { context }) => {
        functions.update(target, readConfigurationChange(context.body, target));
        onChange(target);
        return json(describeConfiguration(target));
      },
    ),
    onFunction("GetPolicy", "GET", `${FUNCTIONS}/{FunctionName}/policy`, (target) => {
      if (target.policy === undefined) throw notFound("The resource you requested does not exist.");
      return json({ Policy: JSON.stringify(target.policy), RevisionId: target.revisionId });
    }),
    onFunction(
      "GetFunctionEventInvokeConfig",
      "GET",
      "/2019-09-25/functions/{FunctionName}/event-invoke-config",
      (target) => {
        const description = describeEventInvokeConfig(target);
        if (description === undefined) {
          throw notFound(`The function ${target.arn}:$LATEST doesn't have an EventInvokeConfig`);
        }
        return json(description);
      },
    ),
    onFunction("GetFunctionConcurrency", "GET", "/2019-09-30/functions/{FunctionName}/concurrency", (target) =>
      json({ ReservedConcurrentExecutions: target.configuration.reservedConcurrentExecutions }),
    ),
    {
      operation: "ListFunctions",
      method: "GET",
      path: FUNCTIONS,
      handle(request) {
        authorize(request, "ListFunctions", "*");
        const { items, NextMarker } = page(
          functions.list(),
          ({ configuration }) => configuration.functionName,
          request,
        );
        return json({ Functions: items.map(describeConfiguration), NextMarker });
      },
    },
    {
      operation: "ListEventSourceMappings",
      method: "GET",
      path: MAPPINGS,
      handle(request) {
        authorize(request, "ListEventSourceMappings", "*");
        const matching = mappings.list().filter(matcher(request, functions));
        const { items, NextMarker } = page(matching, ({ uuid }) => uuid, request);
        return json({ EventSourceMappings: items.map(describeMapping), NextMarker });
      },
    },
    {
      operation: "GetEventSourceMapping",
      method: "GET",
      path: `${MAPPINGS}/{UUID}`,
      handle(request) {
        const mapping = mappings.get(request.path.UUID ?? "");
        authorize(request, "GetEventSourceMapping", mapping.arn);
        return json(describeMapping(mapping));
      },
    },
  ];
}

function matcher({ context: { query } }: RestRequest, functions: FunctionRegistry): (mapping: Mapping) => boolean {
  const source = query.get("EventSourceArn");
  const name = query.get("FunctionName");
  const target = name === null ? undefined : functions.get(name);
  return (mapping) =>
    (source === null || mapping.input.eventSourceArn === source) && (target === undefined || mapping.target === target);
}

/** Lambda's pages: Marker is the last item of the page before. */
function page<T>(items: readonly T[], nameOf: (item: T) => string, { context: { query } }: RestRequest) {
  const given = query.get("MaxItems") ?? "50";
  const size = Number(given);
  if (!/^\d{1,5}$/.test(given) || size < 1 || size > 10_000) {
    throw new AwsError("ValidationException", `Value '${given}' at 'maxItems' must be 1 to 10000`);
  }
  const marker = query.get("Marker");
  const start = marker === null ? 0 : items.findIndex((item) => nameOf(item) === marker) + 1;
  const shown = items.slice(start, start + size);
  const last = shown.at(-1);
  return { items: shown, NextMarker: last !== undefined && start + size < items.length ? nameOf(last) : null };
}

const notFound = (message: string) => new AwsError("ResourceNotFoundException", message, 404);
