// What the other services know of Lambda, what it keeps of functions and mappings, and the one way to run a function that
// every trigger shares.

import type { ApiService } from "../api/operation";
import type { Caller, Service } from "../service";

export interface CreateFunctionInput {
  readonly functionName: string;
  readonly roleArn: string;
  readonly handler: string;
  readonly runtime: string;
  readonly architectures: readonly string[];
  /** The deployment package. */
  readonly zipFile: Uint8Array;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Megabytes. */
  readonly memorySize: number;
  /** Seconds. */
  readonly timeout: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly reservedConcurrentExecutions?: number;
  readonly logFormat: "Text" | "JSON";
  readonly applicationLogLevel?: string;
  readonly systemLogLevel?: string;
  readonly logGroup: string;
  /** Told as it was set; nothing is traced here. Default PassThrough. */
  readonly tracingMode?: "Active" | "PassThrough";
}

/** What a function runs with. */
export type FunctionConfiguration = Omit<CreateFunctionInput, "zipFile" | "tags">;

/** What can be changed of a function's configuration. */
export type FunctionChange = Partial<Omit<FunctionConfiguration, "functionName">>;

export interface AddPermissionInput {
  readonly functionName: string;
  readonly statementId: string;
  readonly action: string;
  readonly principal: string;
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
}

export interface EventInvokeConfigInput {
  readonly functionName: string;
  readonly maximumRetryAttempts?: number;
  /** Seconds. */
  readonly maximumEventAgeInSeconds?: number;
  /** The ARN of a bucket. */
  readonly onFailureDestination?: string;
}

export interface EventSourceMappingInput {
  readonly eventSourceArn: string;
  readonly functionName: string;
  readonly startingPosition: "TRIM_HORIZON" | "LATEST";
  readonly batchSize: number;
  /** Seconds. */
  readonly maximumBatchingWindowInSeconds: number;
  readonly bisectBatchOnFunctionError: boolean;
  readonly reportBatchItemFailures: boolean;
  /** -1 = until the record expires. */
  readonly maximumRetryAttempts: number;
  /** Seconds; -1 = until the record expires. */
  readonly maximumRecordAgeInSeconds: number;
  readonly parallelizationFactor: number;
  /** Which metrics of it are wanted; kept, and read back. */
  readonly metrics?: readonly string[];
  /** Patterns of filter criteria, as JSON text. */
  readonly filterPatterns: readonly string[];
  /** The ARN of a bucket. */
  readonly onFailureDestination?: string;
}

/** How one invocation ended. A function error is a result; only AWS's own refusals are thrown (AwsError). */
export interface InvokeResult {
  readonly requestId: string;
  /** `Unhandled` when the function failed: threw, timed out, ran out of memory, exited. */
  readonly functionError?: "Unhandled" | "Handled";
  /** The response or the error object, as JSON text. */
  readonly payload: string;
  /** The log's last 4 KB. */
  readonly logTail: string;
}

/** Runs functions; each trigger (the API, the asynchronous queue, the stream mapping) goes through here. */
export interface Invoker {
  /** Waits for a free or new instance within the function's concurrency; throws TooManyRequestsException beyond it. */
  invoke(input: { functionName: string; payload: string; trigger: string }): Promise<InvokeResult>;
  /** The caller that a function's code has: the mapping reads streams and writes failure records in its name. */
  roleOf(functionName: string): Caller;
  /** Calls the listener whenever an invocation has given its place back, until the returned function is called. */
  onFree(listener: () => void): () => void;
}

export interface Lambda extends ApiService {
  /** Serves requests for the locations of deployment packages. */
  readonly downloads: Service;
  mayInvoke(functionArn: string, principal: string, source: { sourceArn: string; sourceAccount: string }): boolean;
  /** Queues an event as a service does, such as S3; checks the permission again, as AWS does at each delivery. */
  invokeAsService(
    functionArn: string,
    payload: unknown,
    principal: string,
    source: { sourceArn: string; sourceAccount: string },
  ): void;
  /** Goes on with the events that were not done before a restart. */
  resume(): void;
  /** Resolves when no event waits, no invocation runs and every mapping has read its stream to the end; rejects when it closes before. */
  idle(): Promise<void>;
}
