// The operations of CloudWatch Logs. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html

import { describeLogGroups } from "./describe-log-groups";
import { describeLogStreams } from "./describe-log-streams";
import { filterLogEvents } from "./filter-log-events";
import { getLogEvents } from "./get-log-events";
import { createLogGroup, deleteLogGroup, deleteRetentionPolicy, putRetentionPolicy } from "./log-groups";
import { deleteMetricFilter, describeMetricFilters, putMetricFilter } from "./metric-filters";
import { listTagsForResource, tagResource, untagResource } from "./tags";

export const OPERATIONS = [
  createLogGroup,
  deleteLogGroup,
  deleteMetricFilter,
  deleteRetentionPolicy,
  describeLogGroups,
  describeLogStreams,
  describeMetricFilters,
  filterLogEvents,
  getLogEvents,
  listTagsForResource,
  putMetricFilter,
  putRetentionPolicy,
  tagResource,
  untagResource,
];
