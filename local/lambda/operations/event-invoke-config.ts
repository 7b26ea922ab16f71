// What asynchronous invocations do when they fail: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html

import { operation } from "../../api/operation";
import { type InputOf, number, only, required, string, structure } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import { putEventInvokeConfig } from "../async-invocation/event-invoke-config";
import { describeEventInvokeConfig } from "../descriptions";
import type { LambdaFunction } from "../functions";
import { NAMED, PAGE } from "./read-functions";
import { functionOf, type LambdaState, onFunction } from "./state";

const CONFIG = {
  ...NAMED,
  MaximumRetryAttempts: number,
  MaximumEventAgeInSeconds: number,
  DestinationConfig: structure({
    OnSuccess: structure({ Destination: only("") }),
    OnFailure: structure({ Destination: string }),
  }),
};

const inputOf = ({ configuration }: LambdaFunction, input: InputOf<typeof CONFIG>) => ({
  functionName: configuration.functionName,
  maximumRetryAttempts: input.MaximumRetryAttempts,
  maximumEventAgeInSeconds: input.MaximumEventAgeInSeconds,
  onFailureDestination: input.DestinationConfig?.OnFailure?.Destination || undefined,
});

/** Replaces all of it. */
export const putFunctionEventInvokeConfig = operation({
  name: "PutFunctionEventInvokeConfig",
  input: CONFIG,
  resources: onFunction,
  run(state: LambdaState, input) {
    const target = functionOf(state, input);
    putEventInvokeConfig(target, inputOf(target, input), state.iam);
    return describeEventInvokeConfig(target);
  },
});

/** Replaces the members that are given. */
export const updateFunctionEventInvokeConfig = operation({
  name: "UpdateFunctionEventInvokeConfig",
  input: CONFIG,
  resources: onFunction,
  run(state: LambdaState, input) {
    const target = functionOf(state, input);
    const given = Object.entries(inputOf(target, input)).filter(([, value]) => value !== undefined);
    const before = configOf(target);
    putEventInvokeConfig(target, { ...before, ...Object.fromEntries(given) }, state.iam);
    return describeEventInvokeConfig(target);
  },
});

export const getFunctionEventInvokeConfig = operation({
  name: "GetFunctionEventInvokeConfig",
  input: NAMED,
  resources: onFunction,
  run(state: LambdaState, input) {
    const target = functionOf(state, input);
    configOf(target);
    return describeEventInvokeConfig(target);
  },
});

export const listFunctionEventInvokeConfigs = operation({
  name: "ListFunctionEventInvokeConfigs",
  input: { FunctionName: required(string), ...PAGE },
  resources: onFunction,
  run: (state: LambdaState, input) => ({
    FunctionEventInvokeConfigs: [describeEventInvokeConfig(functionOf(state, input))].filter(Boolean),
    NextMarker: null,
  }),
});

export const deleteFunctionEventInvokeConfig = operation({
  name: "DeleteFunctionEventInvokeConfig",
  input: NAMED,
  resources: onFunction,
  run(state: LambdaState, input) {
    const target = functionOf(state, input);
    configOf(target);
    target.eventInvokeConfig = undefined;
  },
});

function configOf({ arn, eventInvokeConfig }: LambdaFunction) {
  if (eventInvokeConfig !== undefined) return eventInvokeConfig;
  const message = `The function ${arn}:$LATEST doesn't have an EventInvokeConfig`;
  throw new AwsError("ResourceNotFoundException", message, 404);
}
