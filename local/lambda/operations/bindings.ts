// Where Lambda's operations are in HTTP: https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html

import type { RestJsonBinding } from "../../protocols/rest-json";
import type { InvokeOutput } from "./invoke";

const FUNCTIONS = "/2015-03-31/functions";
const FUNCTION = `${FUNCTIONS}/{FunctionName}`;
const MAPPINGS = "/2015-03-31/event-source-mappings";
const EVENT_INVOKE_CONFIG = "/2019-09-25/functions/{FunctionName}/event-invoke-config";
const TAGS = "/2017-03-31/tags/{Resource}";
const query = { Qualifier: "Qualifier" };
const page = { Marker: "Marker", MaxItems: "MaxItems" };

export const BINDINGS: Readonly<Record<string, RestJsonBinding>> = {
  AddPermission: { method: "POST", path: `${FUNCTION}/policy`, query, status: 201 },
  CreateEventSourceMapping: { method: "POST", path: MAPPINGS, status: 202 },
  CreateFunction: { method: "POST", path: FUNCTIONS, status: 201 },
  DeleteEventSourceMapping: { method: "DELETE", path: `${MAPPINGS}/{UUID}`, status: 202 },
  DeleteFunction: { method: "DELETE", path: FUNCTION, query, status: 204 },
  DeleteFunctionConcurrency: {
    method: "DELETE",
    path: "/2017-10-31/functions/{FunctionName}/concurrency",
    status: 204,
  },
  DeleteFunctionEventInvokeConfig: { method: "DELETE", path: EVENT_INVOKE_CONFIG, query, status: 204 },
  GetAccountSettings: { method: "GET", path: "/2016-08-19/account-settings" },
  GetEventSourceMapping: { method: "GET", path: `${MAPPINGS}/{UUID}` },
  GetFunction: { method: "GET", path: FUNCTION, query },
  GetFunctionCodeSigningConfig: { method: "GET", path: "/2020-06-30/functions/{FunctionName}/code-signing-config" },
  GetFunctionConcurrency: { method: "GET", path: "/2019-09-30/functions/{FunctionName}/concurrency" },
  GetFunctionConfiguration: { method: "GET", path: `${FUNCTION}/configuration`, query },
  GetFunctionEventInvokeConfig: { method: "GET", path: EVENT_INVOKE_CONFIG, query },
  GetFunctionRecursionConfig: { method: "GET", path: "/2024-08-31/functions/{FunctionName}/recursion-config" },
  GetPolicy: { method: "GET", path: `${FUNCTION}/policy`, query },
  GetRuntimeManagementConfig: {
    method: "GET",
    path: "/2021-07-20/functions/{FunctionName}/runtime-management-config",
    query,
  },
  Invoke: {
    method: "POST",
    path: `${FUNCTION}/invocations`,
    query,
    headers: {
      InvocationType: "x-amz-invocation-type",
      LogType: "x-amz-log-type",
      ClientContext: "x-amz-client-context",
      TraceId: "x-amzn-trace-id",
    },
    payload: "Payload",
    render: renderInvocation,
  },
  ListEventSourceMappings: {
    method: "GET",
    path: MAPPINGS,
    query: { ...page, EventSourceArn: "EventSourceArn", FunctionName: "FunctionName" },
  },
  ListFunctionEventInvokeConfigs: { method: "GET", path: `${EVENT_INVOKE_CONFIG}/list`, query: page },
  ListFunctions: {
    method: "GET",
    path: FUNCTIONS,
    query: { ...page, MasterRegion: "MasterRegion", FunctionVersion: "FunctionVersion" },
  },
  ListTags: { method: "GET", path: TAGS },
  ListVersionsByFunction: { method: "GET", path: `${FUNCTION}/versions`, query: page },
  PutFunctionConcurrency: { method: "PUT", path: "/2017-10-31/functions/{FunctionName}/concurrency" },
  PutFunctionEventInvokeConfig: { method: "PUT", path: EVENT_INVOKE_CONFIG, query },
  RemovePermission: {
    method: "DELETE",
    path: `${FUNCTION}/policy/{StatementId}`,
    query: { ...query, RevisionId: "RevisionId" },
    status: 204,
  },
  TagResource: { method: "POST", path: TAGS, status: 204 },
  UntagResource: { method: "DELETE", path: TAGS, query: { TagKeys: "tagKeys" }, status: 204 },
  UpdateEventSourceMapping: { method: "PUT", path: `${MAPPINGS}/{UUID}`, status: 202 },
  UpdateFunctionCode: { method: "PUT", path: `${FUNCTION}/code` },
  UpdateFunctionConfiguration: { method: "PUT", path: `${FUNCTION}/configuration` },
  UpdateFunctionEventInvokeConfig: { method: "POST", path: EVENT_INVOKE_CONFIG, query },
};

/** The function's own response is the body; how it ended is in the headers. */
function renderInvocation({ StatusCode, result, showsLog }: InvokeOutput) {
  return {
    status: StatusCode,
    headers: {
      ...(result && { "x-amz-executed-version": "$LATEST" }),
      ...(result?.functionError !== undefined && { "x-amz-function-error": result.functionError }),
      ...(result && showsLog && { "x-amz-log-result": Buffer.from(result.logTail).toString("base64") }),
    },
    body: result?.payload ?? "",
  };
}
