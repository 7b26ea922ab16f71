// UpdateTable, DeleteTable: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html

import { operation } from "../../api/operation";
import { none, required, string } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import { nameOf, onTable, type TableState, tableNamed } from "./state";
import { INDEX_UPDATES, SETTINGS } from "./table-input";

/** What a change needs one of. */
const CHANGES = [...Object.keys(SETTINGS), ...Object.keys(INDEX_UPDATES)].filter(
  (name) => name !== "AttributeDefinitions",
);

export const updateTable = operation({
  name: "UpdateTable",
  input: { ...SETTINGS, ...INDEX_UPDATES, TableName: required(string), ReplicaUpdates: none },
  resources: onTable,
  run(state: TableState, { TableName, ...changes }) {
    const table = tableNamed(state, nameOf(state.account, TableName));
    const { AttributeDefinitions: _alone, ...others } = changes;
    if (Object.values(others).every((each) => Array.isArray(each) && each.length === 0)) {
      throw new AwsError("ValidationException", `UpdateTable needs at least one of ${CHANGES.join(", ")}`);
    }
    return { TableDescription: state.tables.update(table, changes) };
  },
});

export const deleteTable = operation({
  name: "DeleteTable",
  input: { TableName: required(string) },
  resources: onTable,
  run(state: TableState, { TableName }) {
    const table = tableNamed(state, nameOf(state.account, TableName));
    if (table.DeletionProtectionEnabled) {
      throw new AwsError(
        "ValidationException",
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
      );
    }
    state.tables.remove(table);
    // Of what goes, AWS tells less than DescribeTable did.
    const {
      CreationDateTime,
      KeySchema,
      AttributeDefinitions,
      GlobalSecondaryIndexes,
      LocalSecondaryIndexes,
      ...rest
    } = table;
    return { TableDescription: { ...rest, TableStatus: "DELETING", ItemCount: 0, TableSizeBytes: 0 } };
  },
});
