// The operations on tables. Those on items are in items.ts.

import { describeEndpoints, describeLimits } from "./account";
import { describeContinuousBackups, updateContinuousBackups } from "./backups";
import { deleteTable, updateTable } from "./change-table";
import { createTable } from "./create-table";
import { listTagsOfResource, tagResource, untagResource } from "./table-tags";
import { describeTimeToLive, updateTimeToLive } from "./time-to-live";

export const TABLE_OPERATIONS = [
  createTable,
  deleteTable,
  describeContinuousBackups,
  describeEndpoints,
  describeLimits,
  describeTimeToLive,
  listTagsOfResource,
  tagResource,
  untagResource,
  updateContinuousBackups,
  updateTable,
  updateTimeToLive,
];
