// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html

import { operation } from "../../api/operation";
import { map, only, required, string, structure } from "../../api/shapes";
import { describeConfiguration } from "../descriptions";
import { CODE, readCode } from "./function-code";
import { ARCHITECTURES, changeOf, SETTINGS } from "./function-input";
import type { LambdaState } from "./state";

export const createFunction = operation({
  name: "CreateFunction",
  input: {
    ...SETTINGS,
    FunctionName: required(string),
    Handler: required(string),
    Runtime: required(string),
    Role: required(string),
    Code: required(structure(CODE)),
    Architectures: ARCHITECTURES,
    PackageType: only("Zip"),
    Publish: only(false),
    Tags: map(string),
  },
  resources: ({ FunctionName, Role }, { functions }: LambdaState) => [
    { resource: functions.arnOf(FunctionName) },
    { action: "iam:PassRole", resource: Role, context: { "iam:PassedToService": "lambda.amazonaws.com" } },
  ],
  async run(state, { FunctionName, Code, Architectures, Tags, ...settings }, { caller }) {
    const { functions } = state;
    const functionName = functions.nameOf(FunctionName);
    const created = functions.create({
      memorySize: 128,
      timeout: 3,
      environment: {},
      logFormat: "Text",
      logGroup: `/aws/lambda/${functionName}`,
      handler: settings.Handler,
      runtime: settings.Runtime,
      roleArn: settings.Role,
      ...changeOf(functionName, settings),
      functionName,
      architectures: Architectures ?? ["x86_64"],
      zipFile: await readCode(state, Code, caller),
      tags: Tags,
    });
    return describeConfiguration(created);
  },
});
