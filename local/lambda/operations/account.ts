// What the account has, and what of functions is as AWS makes it where nobody says otherwise.

import { operation } from "../../api/operation";
import { required, string } from "../../api/shapes";
import { NAMED } from "./read-functions";
import { functionOf, type LambdaState, onFunction } from "./state";

const MEGABYTE = 1024 * 1024;

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html */
export const getAccountSettings = operation({
  name: "GetAccountSettings",
  input: {},
  resources: () => [{ resource: "*" }],
  run({ accountConcurrency, functions }: LambdaState) {
    const all = functions.list();
    const reserved = all.reduce((sum, { configuration }) => sum + (configuration.reservedConcurrentExecutions ?? 0), 0);
    return {
      AccountLimit: {
        TotalCodeSize: 75 * 1024 * MEGABYTE,
        CodeSizeUnzipped: 250 * MEGABYTE,
        CodeSizeZipped: 50 * MEGABYTE,
        ConcurrentExecutions: accountConcurrency,
        UnreservedConcurrentExecutions: Math.max(0, accountConcurrency - reserved),
      },
      AccountUsage: { TotalCodeSize: all.reduce((sum, { code }) => sum + code.size, 0), FunctionCount: all.length },
    };
  },
});

/** None: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionCodeSigningConfig.html */
export const getFunctionCodeSigningConfig = operation({
  name: "GetFunctionCodeSigningConfig",
  input: { FunctionName: required(string) },
  resources: onFunction,
  run: (state: LambdaState, input) => ({
    FunctionName: functionOf(state, input).configuration.functionName,
    CodeSigningConfigArn: "",
  }),
});

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetRuntimeManagementConfig.html */
export const getRuntimeManagementConfig = operation({
  name: "GetRuntimeManagementConfig",
  input: NAMED,
  resources: onFunction,
  run: (state: LambdaState, input) => ({ FunctionArn: functionOf(state, input).arn, UpdateRuntimeOn: "Auto" }),
});

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionRecursionConfig.html */
export const getFunctionRecursionConfig = operation({
  name: "GetFunctionRecursionConfig",
  input: { FunctionName: required(string) },
  resources: onFunction,
  run(state: LambdaState, input) {
    functionOf(state, input);
    return { RecursiveLoop: "Terminate" };
  },
});
