// Metric filters are kept and read back; no metric is made of what they match.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html

import { operation } from "../../api/operation";
import { pageByToken } from "../../api/pages";
import { count, list, map, number, only, required, string, structure } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import { groupOf, onGroupNamed } from "../resource";
import type { LogStore } from "../store";

const PAGE = 50;
const NAMED = { logGroupName: required(string), filterName: required(string) };

export const putMetricFilter = operation({
  name: "PutMetricFilter",
  input: {
    ...NAMED,
    filterPattern: required(string),
    metricTransformations: required(
      list(
        structure({
          metricName: required(string),
          metricNamespace: required(string),
          metricValue: required(string),
          defaultValue: number,
          dimensions: map(string),
          unit: string,
        }),
      ),
    ),
    applyOnTransformedLogs: only(false),
  },
  resources: onGroupNamed,
  run(store: LogStore, { logGroupName, filterName, filterPattern, metricTransformations }) {
    const group = groupOf(store, { logGroupName });
    if (metricTransformations.length !== 1) {
      throw new AwsError("InvalidParameterException", "metricTransformations must have one element");
    }
    const creationTime = Date.now();
    group.metricFilters.set(filterName, { filterPattern, metricTransformations, creationTime });
  },
});

export const describeMetricFilters = operation({
  name: "DescribeMetricFilters",
  input: { logGroupName: required(string), filterNamePrefix: string, limit: count, nextToken: string },
  resources: onGroupNamed,
  run(store: LogStore, { logGroupName, filterNamePrefix = "", limit = PAGE, nextToken }) {
    const named = [...groupOf(store, { logGroupName }).metricFilters]
      .filter(([name]) => name.startsWith(filterNamePrefix))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const page = pageByToken(named, ([name]) => name, limit, nextToken);
    const metricFilters = page.items.map(([filterName, filter]) => ({
      filterName,
      ...filter,
      logGroupName,
      applyOnTransformedLogs: false,
    }));
    return { metricFilters, nextToken: page.nextToken };
  },
});

export const deleteMetricFilter = operation({
  name: "DeleteMetricFilter",
  input: NAMED,
  resources: onGroupNamed,
  run(store: LogStore, { logGroupName, filterName }) {
    if (groupOf(store, { logGroupName }).metricFilters.delete(filterName)) return;
    throw new AwsError("ResourceNotFoundException", `The specified metric filter does not exist: ${filterName}`);
  },
});
