// UpdateTable, DeleteTable: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html

import { operation } from "../../api/operation";
import { none, required, string } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import { nameOf, onTable, type TableState, tableNamed } from "./state";
import { SETTINGS } from "./table-input";

export const updateTable = operation({
  name: "UpdateTable",
  input: { ...SETTINGS, TableName: required(string), GlobalSecondaryIndexUpdates: none, ReplicaUpdates: none },
  resources: onTable,
  run(state: TableState, { TableName, AttributeDefinitions: _keysStay, ...changes }) {
    const table = tableNamed(state, nameOf(state.account, TableName));
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
    return { TableDescription: { ...table, TableStatus: "DELETING" } };
  },
});
