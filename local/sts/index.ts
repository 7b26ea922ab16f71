// STS, as far as it tells who calls: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html

import type { Account } from "../account";
import { type Api, type ApiService, operation } from "../api/operation";
import { accountIdOf } from "../iam";
import type { Iam } from "../iam/types";
import { createQueryProtocol } from "../protocols/query";

/** Nobody needs a permission for it: a caller may always know who they are. */
const getCallerIdentity = operation({
  name: "GetCallerIdentity",
  input: {},
  resources: () => [],
  run(iam: Iam & { account: Account }, _input, { caller }) {
    if (caller.kind !== "administrator" && caller.kind !== "role") throw new Error(`STS was called by ${caller.kind}`);
    return { UserId: iam.userIdOf(caller), Account: accountIdOf(caller), Arn: caller.arn };
  },
});

/** Creates the STS of one embedded AWS. */
export function createSts({ account, iam }: { account: Account; iam: Iam }): ApiService {
  const api: Api = {
    name: "sts",
    actionPrefix: "sts",
    inputError: "ValidationError",
    state: { ...iam, account },
    operations: [getCallerIdentity],
  };
  return {
    ...createQueryProtocol({
      api,
      iam,
      version: "2011-06-15",
      namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    }),
    api,
    close: async () => {},
  };
}
