// Systems Manager, as far as its Parameter Store keeps values: in memory, readable with the AWS CLI's `ssm` commands.

import type { Account } from "../account";
import { createJsonProtocol } from "../edge/json-protocol";
import type { Iam } from "../iam/types";
import { createSsmOperations } from "./operations";
import { createParameterStore } from "./store";
import type { Ssm } from "./types";

/** Creates the Systems Manager of one embedded AWS. */
export function createSsm({ account, iam }: { account: Account; iam: Iam }): Ssm {
  const store = createParameterStore(account);
  return {
    ...createJsonProtocol({
      targetPrefix: "AmazonSSM",
      version: "1.1",
      errorNamespace: "com.amazonaws.ssm",
      operations: createSsmOperations(store, iam),
    }),
    putParameter: (input) => store.put(input),
    close: async () => store.clear(),
  };
}
