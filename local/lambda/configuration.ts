// What CreateFunction accepts. A function that this refuses would be refused by AWS as well, in about these words.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html

import { AwsError } from "../aws-error";
import type { FunctionConfiguration } from "./types";

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const RUNTIMES = ["nodejs22.x", "nodejs24.x"];
const DEPRECATED_RUNTIME = /^nodejs(|4\.3|6\.10|8\.10|10\.x|12\.x|14\.x|16\.x|18\.x|20\.x)$/;
const ARCHITECTURES = ["x86_64", "arm64"];
const FUNCTION_NAME = /^[a-zA-Z0-9-_]{1,64}$/;
const HANDLER = /^[^\s]{1,128}$/;
const MEMORY_MB = { min: 128, max: 10_240 };
const TIMEOUT_SECONDS = { min: 1, max: 900 };
const ENVIRONMENT_NAME = /^[a-zA-Z][a-zA-Z0-9_]+$/;
const ENVIRONMENT_MAX_BYTES = 4 * 1024;
const LOG_LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
const SYSTEM_LOG_LEVELS = ["DEBUG", "INFO", "WARN"];

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const RESERVED_ENVIRONMENT_NAMES: readonly string[] = [
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_DEFAULT_REGION",
  "AWS_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "LAMBDA_TASK_ROOT",
  "LAMBDA_RUNTIME_DIR",
];

/**
 * Refuses a function as AWS does.
 * @throws AwsError ValidationException or InvalidParameterValueException, with the value given and what is allowed
 */
export function checkConfiguration(input: FunctionConfiguration): void {
  if (!FUNCTION_NAME.test(input.functionName)) {
    throw constraint("functionName", input.functionName, `satisfy regular expression pattern: ${FUNCTION_NAME.source}`);
  }
  if (!HANDLER.test(input.handler)) {
    throw constraint("handler", input.handler, `satisfy regular expression pattern: ${HANDLER.source}`);
  }
  checkRuntime(input.runtime);
  if (input.architectures.length !== 1) {
    throw constraint("architectures", `[${input.architectures}]`, "have length equal to 1");
  }
  checkEnum("architectures", input.architectures[0] ?? "", ARCHITECTURES);
  checkRange("memorySize", input.memorySize, MEMORY_MB);
  checkRange("timeout", input.timeout, TIMEOUT_SECONDS);
  const reserved = input.reservedConcurrentExecutions;
  if (reserved !== undefined) checkRange("reservedConcurrentExecutions", reserved, { min: 0, max: Infinity });
  checkEnvironment(input.environment);
  checkLogging(input);
}

function checkRuntime(runtime: string): void {
  if (DEPRECATED_RUNTIME.test(runtime)) {
    throw invalid(
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`,
    );
  }
  if (!RUNTIMES.includes(runtime)) {
    throw invalid(
      `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${RUNTIMES.join(", ")}] or be a valid ARN`,
    );
  }
}

function checkEnvironment(environment: FunctionConfiguration["environment"]): void {
  const reserved = Object.keys(environment).filter((name) => RESERVED_ENVIRONMENT_NAMES.includes(name));
  if (reserved.length > 0) {
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  }
  for (const name of Object.keys(environment)) {
    if (!ENVIRONMENT_NAME.test(name)) {
      throw constraint("environment.variables", name, `satisfy regular expression pattern: ${ENVIRONMENT_NAME.source}`);
    }
  }
  if (Buffer.byteLength(JSON.stringify(environment)) > ENVIRONMENT_MAX_BYTES) {
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${JSON.stringify(environment)}`,
    );
  }
}

function checkLogging({ logFormat, applicationLogLevel, systemLogLevel }: FunctionConfiguration): void {
  if (logFormat === "Text" && (applicationLogLevel ?? systemLogLevel) !== undefined) {
    throw invalid("ApplicationLogLevel and SystemLogLevel can only be specified when LogFormat is set to JSON.");
  }
  if (applicationLogLevel !== undefined) checkEnum("applicationLogLevel", applicationLogLevel, LOG_LEVELS);
  if (systemLogLevel !== undefined) checkEnum("systemLogLevel", systemLogLevel, SYSTEM_LOG_LEVELS);
}

function checkEnum(name: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw constraint(name, value, `satisfy enum value set: [${allowed.join(", ")}]`);
}

function checkRange(name: string, value: number, { min, max }: { min: number; max: number }): void {
  if (!Number.isInteger(value) || value < min) {
    throw constraint(name, value, `have value greater than or equal to ${min}`);
  }
  if (value > max) throw constraint(name, value, `have value less than or equal to ${max}`);
}

const constraint = (name: string, value: unknown, must: string) =>
  new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must ${must}`,
  );

const invalid = (message: string) => new AwsError("InvalidParameterValueException", message);
