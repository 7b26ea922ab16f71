// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html

import { operation } from "../../api/operation";
import { onTable, type TableState } from "./state";
import { NO_INDEXES, TABLE } from "./table-input";

export const createTable = operation({
  name: "CreateTable",
  input: { ...TABLE, ...NO_INDEXES },
  resources: onTable,
  run({ tables }: TableState, { GlobalSecondaryIndexes: _none, LocalSecondaryIndexes: _no, ...input }) {
    // AWS makes it a moment later; here it is there with the answer.
    return { TableDescription: { ...tables.create(input), TableStatus: "CREATING" } };
  },
});
