// The aws_lambda_… resource types. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CreateFunctionInput, EventSourceMappingInput } from "../lambda/types";
import { type Arguments, oneOf } from "./arguments";
import type { Stack } from "./read-stack";
import type { ApplyResource } from "./resources";

/** What Lambda takes where the stack says nothing. */
const DEFAULT = { memorySize: 128, timeout: 3, batchSize: 100, unlimited: -1 };

export const LAMBDA_RESOURCES: Readonly<Record<string, ApplyResource>> = {
  aws_lambda_function(args, { lambda, account }, stack) {
    const input = readFunction(args, stack);
    const { functionName } = input;
    const { arn } = lambda.createFunction(input);
    return {
      arn,
      function_name: functionName,
      id: functionName,
      invoke_arn: `arn:aws:apigateway:${account.region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
    };
  },

  aws_lambda_permission(args, { lambda }) {
    const statementId = args.string("statement_id");
    lambda.addPermission({
      functionName: args.string("function_name"),
      statementId,
      action: args.string("action"),
      principal: args.string("principal"),
      sourceArn: args.optionalString("source_arn"),
      sourceAccount: args.optionalString("source_account"),
    });
    return { id: statementId, statement_id: statementId };
  },

  aws_lambda_function_event_invoke_config(args, { lambda }) {
    const functionName = args.string("function_name");
    lambda.putFunctionEventInvokeConfig({
      functionName,
      maximumRetryAttempts: args.optionalNumber("maximum_retry_attempts"),
      maximumEventAgeInSeconds: args.optionalNumber("maximum_event_age_in_seconds"),
      onFailureDestination: args.optionalBlock("destination_config", (config) =>
        config.optionalBlock("on_failure", (onFailure) => onFailure.string("destination")),
      ),
    });
    return { id: functionName };
  },

  aws_lambda_event_source_mapping(args, { lambda }) {
    const { uuid } = lambda.createEventSourceMapping(readMapping(args));
    return { id: uuid, uuid };
  },
};

/** A function as the stack wants it. */
export function readFunction(args: Arguments, stack: Stack): CreateFunctionInput {
  args.inert("description", "source_code_hash", "publish");
  args.only("package_type", "Zip");
  const functionName = args.string("function_name");
  const logging = args.optionalBlock("logging_config", (config) => ({
    logFormat: oneOf(config, "log_format", config.string("log_format"), ["Text", "JSON"]),
    applicationLogLevel: config.optionalString("application_log_level"),
    systemLogLevel: config.optionalString("system_log_level"),
    logGroup: config.optionalString("log_group"),
  }));
  return {
    functionName,
    roleArn: args.string("role"),
    handler: args.string("handler"),
    runtime: args.string("runtime"),
    architectures: args.optionalStrings("architectures") ?? ["x86_64"],
    zipFile: readFileSync(join(stack.directory, args.string("filename"))),
    memorySize: args.optionalNumber("memory_size") ?? DEFAULT.memorySize,
    timeout: args.optionalNumber("timeout") ?? DEFAULT.timeout,
    environment: args.optionalBlock("environment", (block) => block.optionalStringMap("variables")) ?? {},
    reservedConcurrentExecutions: reserved(args),
    logFormat: logging?.logFormat ?? "Text",
    applicationLogLevel: logging?.applicationLogLevel,
    systemLogLevel: logging?.systemLogLevel,
    logGroup: logging?.logGroup ?? `/aws/lambda/${functionName}`,
    tracingMode: args.optionalBlock("tracing_config", (config) =>
      oneOf(config, "mode", config.string("mode"), ["Active", "PassThrough"]),
    ),
  };
}

/** An event source mapping as the stack wants it. */
export function readMapping(args: Arguments): EventSourceMappingInput {
  args.inert("metrics_config");
  args.only("enabled", true);
  return {
    eventSourceArn: args.string("event_source_arn"),
    functionName: args.string("function_name"),
    startingPosition: oneOf(args, "starting_position", args.string("starting_position"), ["TRIM_HORIZON", "LATEST"]),
    batchSize: args.optionalNumber("batch_size") ?? DEFAULT.batchSize,
    maximumBatchingWindowInSeconds: args.optionalNumber("maximum_batching_window_in_seconds") ?? 0,
    bisectBatchOnFunctionError: args.optionalBoolean("bisect_batch_on_function_error") ?? false,
    reportBatchItemFailures: (args.optionalStrings("function_response_types") ?? []).some(
      (type) => oneOf(args, "function_response_types", type, ["ReportBatchItemFailures"]) !== undefined,
    ),
    maximumRetryAttempts: args.optionalNumber("maximum_retry_attempts") ?? DEFAULT.unlimited,
    maximumRecordAgeInSeconds: args.optionalNumber("maximum_record_age_in_seconds") ?? DEFAULT.unlimited,
    parallelizationFactor: args.optionalNumber("parallelization_factor") ?? 1,
    filterPatterns:
      args.optionalBlock("filter_criteria", (criteria) =>
        criteria.blocks("filter", (filter) => filter.string("pattern")),
      ) ?? [],
    onFailureDestination: args.optionalBlock("destination_config", (config) =>
      config.optionalBlock("on_failure", (onFailure) => onFailure.string("destination_arn")),
    ),
  };
}

function reserved(args: Arguments): number | undefined {
  const given = args.optionalNumber("reserved_concurrent_executions");
  return given === DEFAULT.unlimited ? undefined : given;
}
