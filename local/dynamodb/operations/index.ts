// The operations on tables. Those on items are in items.ts.

import { describeContinuousBackups, updateContinuousBackups } from "./backups";
import { deleteTable, updateTable } from "./change-table";
import { createTable } from "./create-table";
import { listTagsOfResource, tagResource, untagResource } from "./table-tags";

export const TABLE_OPERATIONS = [
  createTable,
  deleteTable,
  describeContinuousBackups,
  listTagsOfResource,
  tagResource,
  untagResource,
  updateContinuousBackups,
  updateTable,
];
