// Which stream invokes which function: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html

import { operation } from "../../api/operation";
import { map, oneOf, required, string } from "../../api/shapes";
import { describeMapping } from "../descriptions";
import { page } from "../pages";
import { SETTINGS, settingsOf } from "./event-source-mapping-input";
import { PAGE } from "./read-functions";
import { type LambdaState, mappingOf, onMapping } from "./state";

const DEFAULTS = {
  batchSize: 100,
  maximumBatchingWindowInSeconds: 0,
  bisectBatchOnFunctionError: false,
  reportBatchItemFailures: false,
  maximumRetryAttempts: -1,
  maximumRecordAgeInSeconds: -1,
  parallelizationFactor: 1,
  filterPatterns: [],
};

export const createEventSourceMapping = operation({
  name: "CreateEventSourceMapping",
  input: {
    ...SETTINGS,
    FunctionName: required(string),
    EventSourceArn: required(string),
    StartingPosition: required(oneOf("LATEST", "TRIM_HORIZON")),
    Tags: map(string),
  },
  // There is no ARN yet: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
  resources: ({ FunctionName }, { functions }: LambdaState) => [
    { resource: "*", context: { "lambda:FunctionArn": functions.get(FunctionName).arn } },
  ],
  run({ functions, mappings }, { FunctionName, EventSourceArn, StartingPosition, Enabled = true, Tags, ...settings }) {
    const target = functions.get(FunctionName);
    const input = {
      ...DEFAULTS,
      ...settingsOf(settings),
      functionName: target.configuration.functionName,
      eventSourceArn: EventSourceArn,
      startingPosition: StartingPosition,
    };
    const mapping = mappings.create(target, input, { isEnabled: Enabled, tags: Tags });
    return { ...describeMapping(mapping), State: "Creating" };
  },
});

export const updateEventSourceMapping = operation({
  name: "UpdateEventSourceMapping",
  input: { ...SETTINGS, UUID: required(string), FunctionName: string },
  resources: onMapping,
  run(state: LambdaState, { UUID, FunctionName, Enabled, ...settings }) {
    const { functions, mappings } = state;
    const mapping = mappings.get(UUID);
    const target = FunctionName === undefined ? mapping.target : functions.get(FunctionName);
    const changed = mappings.change(mapping, target, settingsOf(settings), Enabled ?? mapping.isEnabled);
    return { ...describeMapping(changed), State: "Updating" };
  },
});

export const getEventSourceMapping = operation({
  name: "GetEventSourceMapping",
  input: { UUID: required(string) },
  resources: onMapping,
  run: (state: LambdaState, input) => describeMapping(mappingOf(state, input)),
});

export const deleteEventSourceMapping = operation({
  name: "DeleteEventSourceMapping",
  input: { UUID: required(string) },
  resources: onMapping,
  run(state: LambdaState, input) {
    const mapping = mappingOf(state, input);
    state.mappings.remove(mapping);
    return { ...describeMapping(mapping), State: "Deleting" };
  },
});

export const listEventSourceMappings = operation({
  name: "ListEventSourceMappings",
  input: { ...PAGE, EventSourceArn: string, FunctionName: string },
  resources: () => [{ resource: "*" }],
  run({ functions, mappings }: LambdaState, { EventSourceArn, FunctionName, ...asked }) {
    const target = FunctionName === undefined ? undefined : functions.get(FunctionName);
    const isMeant = (mapping: ReturnType<typeof mappings.get>) =>
      (EventSourceArn === undefined || mapping.input.eventSourceArn === EventSourceArn) &&
      (target === undefined || mapping.target === target);
    const { items, NextMarker } = page(mappings.list().filter(isMeant), ({ uuid }) => uuid, asked);
    return { EventSourceMappings: items.map(describeMapping), NextMarker };
  },
});
