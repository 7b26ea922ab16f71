// SNS, as far as it keeps topics and subscriptions: configuration that is read back, and not played.

import type { Account } from "../account";
import type { Api, ApiService } from "../api/operation";
import type { Iam } from "../iam/types";
import { createQueryProtocol } from "../protocols/query";
import type { SnsState } from "./state";
import {
  getSubscriptionAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  subscribe,
  unsubscribe,
} from "./subscriptions";
import { listTagsForResource, tagResource, untagResource } from "./tags";
import { createTopic, deleteTopic, getTopicAttributes, listTopics, setTopicAttributes } from "./topics";

/** Creates the SNS of one embedded AWS. */
export function createSns({ account, iam }: { account: Account; iam: Iam }): ApiService {
  const api: Api<SnsState> = {
    name: "sns",
    actionPrefix: "sns",
    inputError: "InvalidParameter",
    state: { account, topics: new Map(), subscriptions: new Map() },
    operations: [
      createTopic,
      deleteTopic,
      getSubscriptionAttributes,
      getTopicAttributes,
      listSubscriptions,
      listSubscriptionsByTopic,
      listTagsForResource,
      listTopics,
      setTopicAttributes,
      subscribe,
      tagResource,
      unsubscribe,
      untagResource,
    ],
  };
  const namespace = "http://sns.amazonaws.com/doc/2010-03-31/";
  return { ...createQueryProtocol({ api, iam, version: "2010-03-31", namespace }), api, close: async () => {} };
}
