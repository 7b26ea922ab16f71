// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html

import { operation } from "../../api/operation";
import { pageByToken } from "../../api/pages";
import { count, only, string } from "../../api/shapes";
import { onGroup } from "../resource";
import type { LogGroup, LogStore } from "../store";

const PAGE = 50;

export const describeLogGroups = operation({
  name: "DescribeLogGroups",
  input: {
    logGroupNamePrefix: string,
    logGroupNamePattern: string,
    limit: count,
    nextToken: string,
    includeLinkedAccounts: only(false),
  },
  resources: (_input, store: LogStore) => onGroup(store, ""),
  run(store, { logGroupNamePrefix: prefix = "", logGroupNamePattern: pattern = "", limit = PAGE, nextToken }) {
    const matching = [...store.groups.values()]
      .filter(({ logGroupName }) => logGroupName.startsWith(prefix) && logGroupName.includes(pattern))
      .sort((a, b) => (a.logGroupName < b.logGroupName ? -1 : 1));
    const page = pageByToken(matching, (group) => group.logGroupName, limit, nextToken);
    return { logGroups: page.items.map(describeGroup), nextToken: page.nextToken };
  },
});

const describeGroup = (group: LogGroup) => ({
  logGroupName: group.logGroupName,
  creationTime: group.creationTime,
  retentionInDays: group.retentionInDays,
  metricFilterCount: group.metricFilters.size,
  arn: `${group.arn}:*`,
  logGroupArn: group.arn,
  storedBytes: 0,
  logGroupClass: "STANDARD",
});
