// A function's resource policy: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html

import { operation } from "../../api/operation";
import { required, string } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import { addPermission as addStatement, removePermission as removeStatement } from "../permissions";
import { NAMED } from "./read-functions";
import { functionOf, type LambdaState, onFunction } from "./state";
import { checkRevision } from "./update-function";

export const addPermission = operation({
  name: "AddPermission",
  input: {
    ...NAMED,
    StatementId: required(string),
    Action: required(string),
    Principal: required(string),
    SourceArn: string,
    SourceAccount: string,
    RevisionId: string,
  },
  resources: onFunction,
  run(state: LambdaState, input) {
    const target = functionOf(state, input);
    checkRevision(target, input.RevisionId);
    const statement = addStatement(target, {
      functionName: target.configuration.functionName,
      statementId: input.StatementId,
      action: input.Action,
      principal: input.Principal,
      sourceArn: input.SourceArn,
      sourceAccount: input.SourceAccount,
    });
    return { Statement: JSON.stringify(statement) };
  },
});

export const removePermission = operation({
  name: "RemovePermission",
  input: { ...NAMED, StatementId: required(string), RevisionId: string },
  resources: onFunction,
  run(state: LambdaState, input) {
    const target = functionOf(state, input);
    checkRevision(target, input.RevisionId);
    removeStatement(target, input.StatementId);
  },
});

export const getPolicy = operation({
  name: "GetPolicy",
  input: NAMED,
  resources: onFunction,
  run(state: LambdaState, input) {
    const { policy, revisionId } = functionOf(state, input);
    if (policy === undefined) {
      throw new AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404);
    }
    return { Policy: JSON.stringify(policy), RevisionId: revisionId };
  },
});
