// Systems Manager, as far as its Parameter Store keeps values: in memory, readable with the AWS CLI's `ssm` commands.

import type { Account } from "../account";
import type { Api, ApiService } from "../api/operation";
import type { Iam } from "../iam/types";
import { createJsonProtocol } from "../protocols/json";
import { OPERATIONS } from "./operations";
import { createParameterStore, type ParameterStore } from "./store";

/** Creates the Systems Manager of one embedded AWS. */
export function createSsm({ account, iam }: { account: Account; iam: Iam }): ApiService {
  const state = createParameterStore(account);
  const api: Api<ParameterStore> = {
    name: "ssm",
    actionPrefix: "ssm",
    inputError: "ValidationException",
    state,
    operations: OPERATIONS,
  };
  return {
    ...createJsonProtocol({ api, iam, targetPrefix: "AmazonSSM", version: "1.1", errorNamespace: "com.amazonaws.ssm" }),
    api,
    close: async () => state.clear(),
  };
}
