// The aws_lambda_… resource types. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Arguments, oneOf } from "./arguments";
import type { ApplyResource } from "./call";
import type { Stack } from "./read-stack";
import { StackError } from "./stack-error";

/** Terraform's word for no number. */
const UNLIMITED = -1;

interface Mapping {
  readonly UUID: string;
  readonly EventSourceMappingArn: string;
}

export const LAMBDA_RESOURCES: Readonly<Record<string, ApplyResource>> = {
  async aws_lambda_function(args, { call, account }, stack) {
    const { FunctionName, Code, Architectures, reserved, ...settings } = readFunction(args, stack);
    const input = { FunctionName, Code, Architectures, ...settings };
    const { FunctionArn: arn } = await call<{ FunctionArn: string }>("lambda", "CreateFunction", input);
    if (reserved !== undefined) {
      await call("lambda", "PutFunctionConcurrency", { FunctionName, ReservedConcurrentExecutions: reserved });
    }
    return {
      arn,
      function_name: FunctionName,
      id: FunctionName,
      invoke_arn: `arn:aws:apigateway:${account.region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
    };
  },

  async aws_lambda_permission(args, { call }) {
    const StatementId = args.string("statement_id");
    const input = {
      FunctionName: args.string("function_name"),
      StatementId,
      Action: args.string("action"),
      Principal: args.string("principal"),
      SourceArn: args.optionalString("source_arn"),
      SourceAccount: args.optionalString("source_account"),
    };
    await call("lambda", "AddPermission", input);
    return { id: StatementId, statement_id: StatementId };
  },

  async aws_lambda_function_event_invoke_config(args, { call }) {
    const FunctionName = args.string("function_name");
    const Destination = args.optionalBlock("destination_config", (config) =>
      config.optionalBlock("on_failure", (onFailure) => onFailure.string("destination")),
    );
    await call("lambda", "PutFunctionEventInvokeConfig", {
      FunctionName,
      MaximumRetryAttempts: args.optionalNumber("maximum_retry_attempts"),
      MaximumEventAgeInSeconds: args.optionalNumber("maximum_event_age_in_seconds"),
      DestinationConfig: { OnFailure: { Destination } },
    });
    return { id: FunctionName };
  },

  async aws_lambda_event_source_mapping(args, { call }) {
    const input = {
      ...readMapping(args),
      EventSourceArn: args.string("event_source_arn"),
      StartingPosition: args.string("starting_position"),
    };
    const created = await call<Mapping>("lambda", "CreateEventSourceMapping", input);
    return { id: created.UUID, uuid: created.UUID, arn: created.EventSourceMappingArn };
  },
};

/** Changes a function that is there: its settings, then its code, then its concurrency. */
export const updateFunction: ApplyResource = async (args, { call }, stack) => {
  const { FunctionName, Code, Architectures, reserved, Role: _stays, ...settings } = readFunction(args, stack);
  await call("lambda", "UpdateFunctionConfiguration", { FunctionName, ...settings });
  await call("lambda", "UpdateFunctionCode", { FunctionName, ...Code, Architectures });
  if (reserved === undefined) await call("lambda", "DeleteFunctionConcurrency", { FunctionName });
  else await call("lambda", "PutFunctionConcurrency", { FunctionName, ReservedConcurrentExecutions: reserved });
  return {};
};

/** Changes a mapping that is there; what its function has in hand comes once more. */
export const updateMapping: ApplyResource = async (args, { call }, _stack, existing) => {
  args.inert("event_source_arn", "starting_position");
  await call("lambda", "UpdateEventSourceMapping", { ...readMapping(args), UUID: existing?.uuid });
  return {};
};

/** A function as the stack wants it; where the stack says nothing, Terraform's provider sends its own defaults. */
function readFunction(args: Arguments, { directory }: Stack) {
  args.inert("source_code_hash", "publish");
  args.only("package_type", "Zip");
  const logging = args.optionalBlock("logging_config", (config) => ({
    LogFormat: oneOf(config, "log_format", config.string("log_format"), ["Text", "JSON"]),
    ApplicationLogLevel: config.optionalString("application_log_level"),
    SystemLogLevel: config.optionalString("system_log_level"),
    LogGroup: config.optionalString("log_group"),
  }));
  const reserved = args.optionalNumber("reserved_concurrent_executions");
  return {
    FunctionName: args.string("function_name"),
    Role: args.string("role"),
    Handler: args.string("handler"),
    Runtime: args.string("runtime"),
    Description: args.optionalString("description") ?? "",
    MemorySize: args.optionalNumber("memory_size") ?? 128,
    Timeout: args.optionalNumber("timeout") ?? 3,
    Environment: {
      Variables: args.optionalBlock("environment", (block) => block.optionalStringMap("variables")) ?? {},
    },
    LoggingConfig: logging ?? { LogFormat: "Text" },
    TracingConfig: args.optionalBlock("tracing_config", (config) => ({ Mode: config.string("mode") })) ?? {
      Mode: "PassThrough",
    },
    Architectures: args.optionalStrings("architectures") ?? ["x86_64"],
    Code: readCode(args, directory),
    reserved: reserved === UNLIMITED ? undefined : reserved,
  };
}

/** A zip beside the stack, or an object. */
function readCode(args: Arguments, directory: string) {
  const S3Bucket = args.optionalString("s3_bucket");
  const S3Key = args.optionalString("s3_key");
  const S3ObjectVersion = args.optionalString("s3_object_version");
  if (S3Bucket !== undefined) return { S3Bucket, S3Key, S3ObjectVersion };
  return { ZipFile: readZip(args.address, join(directory, args.string("filename"))) };
}

function readZip(address: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new StackError(`${address}: the zip ${file} could not be read: ${(error as Error).message}`);
  }
}

/** An event source mapping as the stack wants it. */
function readMapping(args: Arguments) {
  args.only("enabled", true);
  return {
    FunctionName: args.string("function_name"),
    BatchSize: args.optionalNumber("batch_size") ?? 100,
    MaximumBatchingWindowInSeconds: args.optionalNumber("maximum_batching_window_in_seconds") ?? 0,
    BisectBatchOnFunctionError: args.optionalBoolean("bisect_batch_on_function_error") ?? false,
    FunctionResponseTypes: args.optionalStrings("function_response_types") ?? [],
    MaximumRetryAttempts: args.optionalNumber("maximum_retry_attempts") ?? UNLIMITED,
    MaximumRecordAgeInSeconds: args.optionalNumber("maximum_record_age_in_seconds") ?? UNLIMITED,
    ParallelizationFactor: args.optionalNumber("parallelization_factor") ?? 1,
    FilterCriteria: {
      Filters:
        args.optionalBlock("filter_criteria", (criteria) =>
          criteria.blocks("filter", (filter) => ({ Pattern: filter.string("pattern") })),
        ) ?? [],
    },
    DestinationConfig: {
      OnFailure: {
        Destination: args.optionalBlock("destination_config", (config) =>
          config.optionalBlock("on_failure", (onFailure) => onFailure.string("destination_arn")),
        ),
      },
    },
    MetricsConfig: {
      Metrics: args.optionalBlock("metrics_config", (config) => config.optionalStrings("metrics")) ?? [],
    },
  };
}
