// How functions, their settings and their mappings look to clients, in the members of Lambda's API.

import type { Mapping } from "./event-source-mapping/mappings";
import type { LambdaFunction } from "./functions";

/** https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html */
export function describeConfiguration({ arn, code, configuration, modifiedAt, revisionId }: LambdaFunction) {
  const isJson = configuration.logFormat === "JSON";
  return {
    FunctionName: configuration.functionName,
    FunctionArn: arn,
    Runtime: configuration.runtime,
    Role: configuration.roleArn,
    Handler: configuration.handler,
    CodeSize: code.size,
    Description: configuration.description ?? "",
    Timeout: configuration.timeout,
    MemorySize: configuration.memorySize,
    LastModified: modifiedAt.toISOString().replace("Z", "+0000"),
    CodeSha256: code.sha256,
    Version: "$LATEST",
    ...(Object.keys(configuration.environment).length > 0 && {
      Environment: { Variables: configuration.environment },
    }),
    TracingConfig: { Mode: configuration.tracingMode ?? "PassThrough" },
    RevisionId: revisionId,
    State: "Active",
    LastUpdateStatus: "Successful",
    PackageType: "Zip",
    Architectures: configuration.architectures,
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    LoggingConfig: {
      LogFormat: configuration.logFormat,
      ...(isJson && {
        ApplicationLogLevel: configuration.applicationLogLevel ?? "INFO",
        SystemLogLevel: configuration.systemLogLevel ?? "INFO",
      }),
      LogGroup: configuration.logGroup,
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html */
export function describeFunction(target: LambdaFunction, location: string) {
  const { reservedConcurrentExecutions } = target.configuration;
  return {
    Configuration: describeConfiguration(target),
    Code: { RepositoryType: "S3", Location: location },
    ...(target.tags.size > 0 && { Tags: Object.fromEntries(target.tags) }),
    ...(reservedConcurrentExecutions !== undefined && {
      Concurrency: { ReservedConcurrentExecutions: reservedConcurrentExecutions },
    }),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionEventInvokeConfig.html */
export function describeEventInvokeConfig({ arn, eventInvokeConfig: config }: LambdaFunction) {
  if (config === undefined) return undefined;
  return {
    FunctionArn: `${arn}:$LATEST`,
    LastModified: config.lastModified,
    MaximumRetryAttempts: config.maximumRetryAttempts,
    MaximumEventAgeInSeconds: config.maximumEventAgeInSeconds,
    DestinationConfig: {
      OnSuccess: {},
      OnFailure: config.onFailureDestination === undefined ? {} : { Destination: config.onFailureDestination },
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html */
export function describeMapping({ uuid, target, input, modifiedAt, arn, isEnabled }: Mapping) {
  return {
    UUID: uuid,
    EventSourceMappingArn: arn,
    EventSourceArn: input.eventSourceArn,
    FunctionArn: target.arn,
    StartingPosition: input.startingPosition,
    BatchSize: input.batchSize,
    MaximumBatchingWindowInSeconds: input.maximumBatchingWindowInSeconds,
    ParallelizationFactor: input.parallelizationFactor,
    MaximumRetryAttempts: input.maximumRetryAttempts,
    MaximumRecordAgeInSeconds: input.maximumRecordAgeInSeconds,
    BisectBatchOnFunctionError: input.bisectBatchOnFunctionError,
    TumblingWindowInSeconds: 0,
    FunctionResponseTypes: input.reportBatchItemFailures ? ["ReportBatchItemFailures"] : [],
    ...(input.filterPatterns.length > 0 && {
      FilterCriteria: { Filters: input.filterPatterns.map((Pattern) => ({ Pattern })) },
    }),
    DestinationConfig: {
      OnFailure: input.onFailureDestination === undefined ? {} : { Destination: input.onFailureDestination },
    },
    ...(input.metrics && input.metrics.length > 0 && { MetricsConfig: { Metrics: input.metrics } }),
    LastModified: modifiedAt,
    State: isEnabled ? "Enabled" : "Disabled",
    StateTransitionReason: "User action",
  };
}
