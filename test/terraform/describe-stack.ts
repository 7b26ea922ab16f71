// What AWS's operations tell of an applied stack, without what is each emulator's own: ids, dates, order.

import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  type GetFunctionEventInvokeConfigCommandOutput,
  GetPolicyCommand,
  type GetPolicyCommandOutput,
  ListEventSourceMappingsCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import {
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import type { Services } from "./services";

/** In the bucket's policy; each account's are its own. */
const DISTRIBUTION = /distribution\/E[0-9A-Z]+/g;
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

export interface StackNames {
  readonly bucket: string;
  readonly failuresBucket: string;
  readonly table: string;
  readonly nameSuffix: string;
}

/** Everything that both can tell. */
export async function describeStack(services: Services, names: StackNames): Promise<Record<string, unknown>> {
  const { bucket, failuresBucket, table, nameSuffix } = names;
  return {
    images: await describeBucket(services, bucket),
    failures: await describeBucket(services, failuresBucket),
    table: await describeTable(services, table),
    setProfileImage: await describeFunction(services, `SetProfileImage${nameSuffix}`),
    createThumbnail: await describeFunction(services, `CreateThumbnail${nameSuffix}`),
    // With the setting `events` alone.
    reportFailure: await describeFunction(services, `ReportFailure${nameSuffix}`).catch(none),
  };
}

async function describeBucket({ s3 }: Services, Bucket: string) {
  const [versioning, notification, encryption, block, ownership, policy, cors] = await Promise.all([
    s3.send(new GetBucketVersioningCommand({ Bucket })),
    s3.send(new GetBucketNotificationConfigurationCommand({ Bucket })),
    s3.send(new GetBucketEncryptionCommand({ Bucket })),
    orNone(s3.send(new GetPublicAccessBlockCommand({ Bucket }))),
    orNone(s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))),
    orNone(s3.send(new GetBucketPolicyCommand({ Bucket }))),
    orNone(s3.send(new GetBucketCorsCommand({ Bucket }))),
  ]);
  const [rule] = encryption.ServerSideEncryptionConfiguration?.Rules ?? [];
  return {
    versioning: versioning.Status,
    notifications: notification.LambdaFunctionConfigurations?.map(({ Id, LambdaFunctionArn, Events, Filter }) => ({
      Id,
      LambdaFunctionArn,
      Events,
      // S3 takes names of any case and gives them back capitalized.
      // One names a mapping, by its id.
      filter: Filter?.Key?.FilterRules?.map(({ Name, Value }) => [
        Name?.toLowerCase(),
        Value?.replace(UUID, "…"),
      ]).sort(),
    })).sort((one, other) => String(one.Id).localeCompare(String(other.Id))),
    encryption: rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    block: block.PublicAccessBlockConfiguration,
    ownership: ownership.OwnershipControls?.Rules?.map(({ ObjectOwnership }) => ObjectOwnership),
    policy: JSON.parse((policy.Policy ?? "null").replaceAll(DISTRIBUTION, "distribution/…")),
    // Terraform sorts what is a set to it.
    cors: cors.CORSRules?.map((rule) => ({ ...rule, AllowedOrigins: rule.AllowedOrigins?.toSorted() })),
  };
}

/** What a bucket was never given. */
const orNone = <T>(answer: Promise<T>): Promise<Partial<T>> =>
  answer.catch((error: unknown) => {
    if (error instanceof S3ServiceException && error.name.startsWith("NoSuch")) return {};
    throw error;
  });

async function describeTable({ dynamodb }: Services, TableName: string) {
  const { Table: table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  return {
    arn: table?.TableArn,
    attributes: table?.AttributeDefinitions,
    keys: table?.KeySchema,
    billing: table?.BillingModeSummary?.BillingMode,
    stream: table?.StreamSpecification,
    protection: table?.DeletionProtectionEnabled,
  };
}

/** The emulator has an empty policy where AWS has none. */
const NO_POLICY = JSON.stringify({ Statement: [] });

/** What a function was never given. */
function none(error: Error): Partial<GetFunctionEventInvokeConfigCommandOutput & GetPolicyCommandOutput> {
  if (error instanceof ResourceNotFoundException) return {};
  throw error;
}

async function describeFunction({ lambda }: Services, FunctionName: string) {
  const [configuration, concurrency, invocation, policy, mappings] = await Promise.all([
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
    lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })),
    lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName })).catch(none),
    lambda.send(new GetPolicyCommand({ FunctionName })).catch(none),
    lambda.send(new ListEventSourceMappingsCommand({ FunctionName })),
  ]);
  const { Runtime, Role, Handler, CodeSize, Timeout, MemorySize, CodeSha256, Environment } = configuration;
  const { Architectures, LoggingConfig, PackageType, FunctionArn, TracingConfig } = configuration;
  return {
    ...{ FunctionArn, Runtime, Role, Handler, CodeSize, Timeout, MemorySize, CodeSha256, Architectures, PackageType },
    environment: Environment?.Variables,
    logging: LoggingConfig,
    tracing: TracingConfig?.Mode,
    concurrency: concurrency.ReservedConcurrentExecutions,
    retries: invocation.MaximumRetryAttempts,
    eventAge: invocation.MaximumEventAgeInSeconds,
    destination: invocation.DestinationConfig?.OnFailure,
    policy: JSON.parse(policy.Policy ?? NO_POLICY).Statement,
    mappings: mappings.EventSourceMappings?.map((mapping) => ({
      stream: mapping.EventSourceArn?.replace(/stream\/.*/, "stream"),
      batchSize: mapping.BatchSize,
      position: mapping.StartingPosition,
      retries: mapping.MaximumRetryAttempts,
      age: mapping.MaximumRecordAgeInSeconds,
      bisect: mapping.BisectBatchOnFunctionError,
      responses: mapping.FunctionResponseTypes,
      destination: mapping.DestinationConfig?.OnFailure,
      // The emulator leaves out the default.
      parallelization: mapping.ParallelizationFactor ?? 1,
    })),
  };
}
