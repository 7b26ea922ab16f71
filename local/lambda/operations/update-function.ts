// UpdateFunctionConfiguration, UpdateFunctionCode, DeleteFunction. Running invocations keep what they began with.
// https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html

import { operation } from "../../api/operation";
import { only, required, string } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import { describeConfiguration } from "../descriptions";
import type { LambdaFunction } from "../functions";
import { CODE, readCode } from "./function-code";
import { ARCHITECTURES, changeOf, SETTINGS } from "./function-input";
import { functionOf, type LambdaState, onFunction } from "./state";

export const updateFunctionConfiguration = operation({
  name: "UpdateFunctionConfiguration",
  input: { ...SETTINGS, FunctionName: required(string), RevisionId: string },
  resources: (input, state: LambdaState) => [
    ...onFunction(input, state),
    ...(input.Role === undefined
      ? []
      : [
          {
            action: "iam:PassRole",
            resource: input.Role,
            context: { "iam:PassedToService": "lambda.amazonaws.com" },
          },
        ]),
  ],
  run(state, input) {
    const target = functionOf(state, input);
    checkRevision(target, input.RevisionId);
    state.functions.update(target, changeOf(target.configuration.functionName, input));
    state.replaceRunner(target);
    return describeConfiguration(target);
  },
});

export const updateFunctionCode = operation({
  name: "UpdateFunctionCode",
  input: {
    FunctionName: required(string),
    ...CODE,
    Architectures: ARCHITECTURES,
    Publish: only(false),
    DryRun: only(false),
    RevisionId: string,
  },
  resources: onFunction,
  async run(
    state: LambdaState,
    { FunctionName, Architectures, RevisionId, Publish: _, DryRun: __, ...code },
    { caller },
  ) {
    const named = { FunctionName };
    const zip = await readCode(state, code, caller);
    const target = functionOf(state, named);
    checkRevision(target, RevisionId);
    const { functions } = state;
    if (Architectures !== undefined) functions.update(target, { architectures: Architectures });
    functions.updateCode(target, zip);
    state.replaceRunner(target);
    return describeConfiguration(target);
  },
});

export const deleteFunction = operation({
  name: "DeleteFunction",
  input: { FunctionName: required(string), Qualifier: string },
  resources: onFunction,
  run(state: LambdaState, input) {
    state.removeFunction(functionOf(state, input));
  },
});

/** Refuses a change of what has been changed since: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html */
export function checkRevision({ revisionId }: LambdaFunction, given: string | undefined): void {
  if (given === undefined || given === revisionId) return;
  throw new AwsError(
    "PreconditionFailedException",
    "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to retrieve the latest RevisionId",
    412,
  );
}
