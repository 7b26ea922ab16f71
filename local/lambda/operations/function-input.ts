// A function's settings in the members of Lambda's API, and as they are kept.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html

import { type InputOf, list, map, none, number, oneOf, only, required, string, structure } from "../../api/shapes";
import type { FunctionChange } from "../types";

/** What CreateFunction and UpdateFunctionConfiguration take alike. */
export const SETTINGS = {
  Handler: string,
  Runtime: string,
  Role: string,
  Description: string,
  MemorySize: number,
  Timeout: number,
  Environment: structure({ Variables: map(string) }),
  TracingConfig: structure({ Mode: oneOf("Active", "PassThrough") }),
  LoggingConfig: structure({
    LogFormat: oneOf("JSON", "Text"),
    ApplicationLogLevel: string,
    SystemLogLevel: string,
    LogGroup: string,
  }),
  EphemeralStorage: structure({ Size: required(only(512)) }),
  SnapStart: structure({ ApplyOn: only("None") }),
  // Terraform's provider sends these empty.
  DeadLetterConfig: structure({}),
  FileSystemConfigs: none,
  KMSKeyArn: only(""),
  Layers: none,
  VpcConfig: structure({ SecurityGroupIds: none, SubnetIds: none, Ipv6AllowedForDualStack: only(false) }),
};

export const ARCHITECTURES = list(string);

/** What changes of a function: members that are not there stay. */
export function changeOf(functionName: string, input: InputOf<typeof SETTINGS>): FunctionChange {
  const { Environment, LoggingConfig, TracingConfig } = input;
  return {
    ...given("handler", input.Handler),
    ...given("runtime", input.Runtime),
    ...given("roleArn", input.Role),
    ...given("description", input.Description),
    ...given("memorySize", input.MemorySize),
    ...given("timeout", input.Timeout),
    ...given("environment", Environment && (Environment.Variables ?? {})),
    ...given("tracingMode", TracingConfig?.Mode),
    ...(LoggingConfig && {
      logFormat: LoggingConfig.LogFormat ?? "Text",
      applicationLogLevel: LoggingConfig.ApplicationLogLevel,
      systemLogLevel: LoggingConfig.SystemLogLevel,
      logGroup: LoggingConfig.LogGroup ?? `/aws/lambda/${functionName}`,
    }),
  };
}

const given = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value });
