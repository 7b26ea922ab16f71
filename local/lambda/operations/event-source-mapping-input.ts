// The settings of an event source mapping in the members of Lambda's API, and as they are kept.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html

import { boolean, type InputOf, list, none, number, oneOf, only, required, string, structure } from "../../api/shapes";
import type { EventSourceMappingInput } from "../types";

/** What CreateEventSourceMapping and UpdateEventSourceMapping take alike. */
export const SETTINGS = {
  Enabled: boolean,
  BatchSize: number,
  MaximumBatchingWindowInSeconds: number,
  ParallelizationFactor: number,
  BisectBatchOnFunctionError: boolean,
  MaximumRetryAttempts: number,
  MaximumRecordAgeInSeconds: number,
  FunctionResponseTypes: list(oneOf("ReportBatchItemFailures")),
  FilterCriteria: structure({ Filters: list(structure({ Pattern: required(string) })) }),
  DestinationConfig: structure({
    OnSuccess: structure({ Destination: only("") }),
    OnFailure: structure({ Destination: string }),
  }),
  MetricsConfig: structure({ Metrics: list(string) }),
  KMSKeyArn: only(""),
  SourceAccessConfigurations: none,
  TumblingWindowInSeconds: only(0),
};

/** What changes of a mapping: members that are not there stay. */
export function settingsOf(input: InputOf<typeof SETTINGS>): Partial<EventSourceMappingInput> {
  const settings = {
    batchSize: input.BatchSize,
    maximumBatchingWindowInSeconds: input.MaximumBatchingWindowInSeconds,
    parallelizationFactor: input.ParallelizationFactor,
    bisectBatchOnFunctionError: input.BisectBatchOnFunctionError,
    maximumRetryAttempts: input.MaximumRetryAttempts,
    maximumRecordAgeInSeconds: input.MaximumRecordAgeInSeconds,
    reportBatchItemFailures: input.FunctionResponseTypes && input.FunctionResponseTypes.length > 0,
    filterPatterns: input.FilterCriteria && (input.FilterCriteria.Filters ?? []).map(({ Pattern }) => Pattern),
    metrics: input.MetricsConfig && (input.MetricsConfig.Metrics ?? []),
  };
  return {
    ...Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
    ...(input.DestinationConfig && {
      onFailureDestination: input.DestinationConfig.OnFailure?.Destination || undefined,
    }),
  };
}
