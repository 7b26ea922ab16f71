// IAM's own API: its operations on roles, over the query protocol.

import type { Api, ApiService } from "../api/operation";
import { createQueryProtocol } from "../protocols/query";
import { OPERATIONS } from "./operations";
import type { RoleStore } from "./roles";
import type { Iam } from "./types";

/** Creates the API of an IAM. */
export function createIamService(iam: Iam & { readonly roles: RoleStore }): ApiService {
  const api: Api<RoleStore> = {
    name: "iam",
    actionPrefix: "iam",
    inputError: "ValidationError",
    state: iam.roles,
    operations: OPERATIONS,
  };
  return {
    ...createQueryProtocol({
      api,
      iam,
      version: "2010-05-08",
      namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
    }),
    api,
    close: async () => {},
  };
}
