// GetFunction, GetFunctionConfiguration, ListFunctions, ListVersionsByFunction:
// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html

import { operation } from "../../api/operation";
import { number, only, required, string } from "../../api/shapes";
import { describeConfiguration, describeFunction } from "../descriptions";
import { page } from "../pages";
import { functionOf, type LambdaState, onFunction } from "./state";

export const NAMED = { FunctionName: required(string), Qualifier: string };
export const PAGE = { MaxItems: number, Marker: string };

export const getFunction = operation({
  name: "GetFunction",
  input: NAMED,
  resources: onFunction,
  run(state: LambdaState, input) {
    const target = functionOf(state, input);
    return describeFunction(target, state.locationOf(target));
  },
});

export const getFunctionConfiguration = operation({
  name: "GetFunctionConfiguration",
  input: NAMED,
  resources: onFunction,
  run: (state: LambdaState, input) => describeConfiguration(functionOf(state, input)),
});

export const listFunctions = operation({
  name: "ListFunctions",
  input: { ...PAGE, MasterRegion: only("ALL"), FunctionVersion: only("ALL") },
  resources: () => [{ resource: "*" }],
  run({ functions }: LambdaState, input) {
    const { items, NextMarker } = page(functions.list(), ({ configuration }) => configuration.functionName, input);
    return { Functions: items.map(describeConfiguration), NextMarker };
  },
});

/** There are no versions beside $LATEST: nothing publishes one here. */
export const listVersionsByFunction = operation({
  name: "ListVersionsByFunction",
  input: { FunctionName: required(string), ...PAGE },
  resources: onFunction,
  run(state: LambdaState, input) {
    const target = functionOf(state, input);
    const latest = { ...describeConfiguration(target), FunctionArn: `${target.arn}:$LATEST` };
    return { Versions: [latest], NextMarker: null };
  },
});
