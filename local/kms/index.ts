// KMS, as far as it keeps keys: configuration that is read back, and not played.

import type { Account } from "../account";
import type { Api, ApiService } from "../api/operation";
import type { Iam } from "../iam/types";
import { createJsonProtocol } from "../protocols/json";
import {
  createKey,
  describeKey,
  disableKey,
  enableKey,
  getKeyPolicy,
  listKeys,
  putKeyPolicy,
  scheduleKeyDeletion,
  updateKeyDescription,
} from "./keys";
import { createAlias, deleteAlias, listAliases, listResourceTags, tagResource, untagResource } from "./names";
import { disableKeyRotation, enableKeyRotation, getKeyRotationStatus } from "./rotation";
import type { KmsState } from "./state";

/** Creates the KMS of one embedded AWS. */
export function createKms({ account, iam }: { account: Account; iam: Iam }): ApiService {
  const api: Api<KmsState> = {
    name: "kms",
    actionPrefix: "kms",
    inputError: "ValidationException",
    state: { account, keys: new Map(), aliases: new Map() },
    operations: [
      createAlias,
      createKey,
      deleteAlias,
      describeKey,
      disableKey,
      disableKeyRotation,
      enableKey,
      enableKeyRotation,
      getKeyPolicy,
      getKeyRotationStatus,
      listAliases,
      listKeys,
      listResourceTags,
      putKeyPolicy,
      scheduleKeyDeletion,
      tagResource,
      untagResource,
      updateKeyDescription,
    ],
  };
  const errorNamespace = "com.amazonaws.kms";
  return {
    ...createJsonProtocol({ api, iam, targetPrefix: "TrentService", version: "1.1", errorNamespace }),
    api,
    close: async () => {},
  };
}
