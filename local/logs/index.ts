// CloudWatch Logs: what the functions print, kept in memory and readable with the AWS CLI's `logs` commands.

import type { Account } from "../account";
import type { Api } from "../api/operation";
import type { Iam } from "../iam/types";
import { createJsonProtocol } from "../protocols/json";
import { OPERATIONS } from "./operations";
import { createLogStore, type LogStore } from "./store";
import type { Logs } from "./types";

/** Creates the log service of one embedded AWS. */
export function createLogs({ account, iam }: { account: Account; iam: Iam }): Logs {
  const store = createLogStore(account);
  const api: Api<LogStore> = {
    name: "logs",
    actionPrefix: "logs",
    inputError: "InvalidParameterException",
    state: store,
    operations: OPERATIONS,
  };
  const errorNamespace = "com.amazonaws.logs";

  return {
    ...createJsonProtocol({ api, iam, targetPrefix: "Logs_20140328", version: "1.1", errorNamespace }),
    api,

    write(caller, logGroupName, logStreamName, events) {
      // Lambda delivers log lines in the name of the function's role, and drops them when the role may not write.
      // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
      const resource = store.streamArn(logGroupName, logStreamName);
      const may = (action: string) => {
        try {
          iam.authorize({ caller, action, resource });
          return true;
        } catch {
          return false; // The refusal itself is published by IAM.
        }
      };
      if (store.group(logGroupName) === undefined) {
        if (!may("logs:CreateLogGroup")) return;
        store.createGroup(logGroupName);
      }
      if (store.stream(logGroupName, logStreamName) === undefined && !may("logs:CreateLogStream")) return;
      store.createStream(logGroupName, logStreamName);
      if (may("logs:PutLogEvents")) store.append(logGroupName, logStreamName, events);
    },

    close: async () => store.clear(),
  };
}
