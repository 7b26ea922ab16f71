// A function's reserved concurrency: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html

import { operation } from "../../api/operation";
import { number, required, string } from "../../api/shapes";
import { functionOf, type LambdaState, onFunction } from "./state";

const NAMED = { FunctionName: required(string) };

function reserve(state: LambdaState, input: { readonly FunctionName: string }, reserved: number | undefined): void {
  const target = functionOf(state, input);
  state.functions.update(target, { reservedConcurrentExecutions: reserved });
  state.replaceRunner(target);
}

export const putFunctionConcurrency = operation({
  name: "PutFunctionConcurrency",
  input: { ...NAMED, ReservedConcurrentExecutions: required(number) },
  resources: onFunction,
  run(state: LambdaState, { ReservedConcurrentExecutions, ...named }) {
    reserve(state, named, ReservedConcurrentExecutions);
    return { ReservedConcurrentExecutions };
  },
});

export const getFunctionConcurrency = operation({
  name: "GetFunctionConcurrency",
  input: NAMED,
  resources: onFunction,
  run: (state: LambdaState, input) => ({
    ReservedConcurrentExecutions: functionOf(state, input).configuration.reservedConcurrentExecutions,
  }),
});

export const deleteFunctionConcurrency = operation({
  name: "DeleteFunctionConcurrency",
  input: NAMED,
  resources: onFunction,
  run: (state: LambdaState, input) => reserve(state, input, undefined),
});
