// CreateLogGroup, DeleteLogGroup and how long a group keeps its events.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html

import { operation } from "../../api/operation";
import { map, number, only, required, string } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import { groupOf, onGroupNamed } from "../resource";
import type { LogStore } from "../store";

const NAMED = { logGroupName: required(string) };

export const createLogGroup = operation({
  name: "CreateLogGroup",
  input: { ...NAMED, tags: map(string), logGroupClass: only("STANDARD", "") },
  resources: onGroupNamed,
  run(store: LogStore, { logGroupName, tags = {} }) {
    store.createGroup(logGroupName, tags);
  },
});

export const deleteLogGroup = operation({
  name: "DeleteLogGroup",
  input: NAMED,
  resources: onGroupNamed,
  run(store: LogStore, input) {
    store.removeGroup(groupOf(store, input));
  },
});

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const putRetentionPolicy = operation({
  name: "PutRetentionPolicy",
  input: { ...NAMED, retentionInDays: required(number) },
  resources: onGroupNamed,
  run(store: LogStore, { retentionInDays, ...named }) {
    const group = groupOf(store, named);
    if (!RETENTION_DAYS.includes(retentionInDays)) {
      throw new AwsError(
        "InvalidParameterException",
        `retentionInDays must be one of ${RETENTION_DAYS.join(", ")} (given ${retentionInDays})`,
      );
    }
    group.retentionInDays = retentionInDays;
  },
});

export const deleteRetentionPolicy = operation({
  name: "DeleteRetentionPolicy",
  input: NAMED,
  resources: onGroupNamed,
  run(store: LogStore, named) {
    groupOf(store, named).retentionInDays = undefined;
  },
});
