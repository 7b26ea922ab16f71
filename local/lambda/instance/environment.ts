// The environment that a function's process starts with: Lambda's own variables and the function's, never ours.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime

import type { Account } from "../../account";
import type { Credentials } from "../../iam/types";
import type { FunctionConfiguration } from "../types";

export interface InstanceEnvironment {
  readonly account: Readonly<Account>;
  readonly configuration: FunctionConfiguration;
  readonly credentials: Credentials;
  readonly logStreamName: string;
  /** Host and port. */
  readonly runtimeApi: string;
  readonly taskRoot: string;
  readonly runtimeDirectory: string;
  /** Stands for /tmp, which is an instance's own on Lambda. */
  readonly temporaryDirectory: string;
}

/** The variables of a new instance. */
export function instanceEnvironment(instance: InstanceEnvironment): Record<string, string> {
  const { account, configuration, credentials } = instance;
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin:/opt/bin",
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    TMPDIR: instance.temporaryDirectory,
    // Where the embedded AWS departs: a stack knows nothing of it, so the SDK learns the endpoint here …
    AWS_ENDPOINT_URL: account.endpoint,
    // … and a developer's Node may be older than the runtime, which the SDK would warn of in every log.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    ...configuration.environment,
    _HANDLER: configuration.handler,
    AWS_REGION: account.region,
    AWS_DEFAULT_REGION: account.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: configuration.functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memorySize),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: instance.logStreamName,
    AWS_LAMBDA_LOG_FORMAT: configuration.logFormat,
    ...(configuration.logFormat === "JSON" && { AWS_LAMBDA_LOG_LEVEL: configuration.applicationLogLevel ?? "INFO" }),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken !== undefined && { AWS_SESSION_TOKEN: credentials.sessionToken }),
    AWS_LAMBDA_RUNTIME_API: instance.runtimeApi,
    LAMBDA_TASK_ROOT: instance.taskRoot,
    LAMBDA_RUNTIME_DIR: instance.runtimeDirectory,
  };
}
