// CloudWatch, as far as it keeps alarms and dashboards: configuration that is read back, and not played.

import type { IncomingMessage } from "node:http";
import type { Account } from "../account";
import type { Api, ApiService } from "../api/operation";
import type { Iam } from "../iam/types";
import { createJsonProtocol } from "../protocols/json";
import { createQueryProtocol } from "../protocols/query";
import { deleteAlarms, describeAlarms, putMetricAlarm } from "./alarms";
import { deleteDashboards, getDashboard, listDashboards, putDashboard } from "./dashboards";
import { type CloudWatchState, createState } from "./state";
import { listTagsForResource, tagResource, untagResource } from "./tags";

/** Creates the CloudWatch of one embedded AWS. */
export function createCloudWatch({ account, iam }: { account: Account; iam: Iam }): ApiService {
  const api: Api<CloudWatchState> = {
    name: "cloudwatch",
    actionPrefix: "cloudwatch",
    inputError: "ValidationError",
    state: createState(account),
    operations: [
      deleteAlarms,
      deleteDashboards,
      describeAlarms,
      getDashboard,
      listDashboards,
      listTagsForResource,
      putDashboard,
      putMetricAlarm,
      tagResource,
      untagResource,
    ],
  };
  const namespace = "http://monitoring.amazonaws.com/doc/2010-08-01/";
  const errorNamespace = "com.amazonaws.cloudwatch.v2010_08_01";
  const targetPrefix = "GraniteServiceVersion20100801";
  const query = createQueryProtocol({ api, iam, version: "2010-08-01", namespace });
  const json = createJsonProtocol({ api, iam, targetPrefix, version: "1.0", errorNamespace });
  /** Newer clients speak JSON, older ones and Terraform's provider the query protocol. */
  const protocolOf = ({ headers }: IncomingMessage) => (headers["x-amz-target"] === undefined ? query : json);
  return {
    handle: (request, response, context) => protocolOf(request).handle(request, response, context),
    refuse: (error, request, response, requestId) => protocolOf(request).refuse(error, request, response, requestId),
    api,
    close: async () => {},
  };
}
