// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html

import { operation } from "../../api/operation";
import { onTable, type TableState } from "./state";
import { TABLE } from "./table-input";

export const createTable = operation({
  name: "CreateTable",
  input: TABLE,
  resources: onTable,
  run({ tables }: TableState, input) {
    // AWS makes it a moment later; here it is there with the response.
    return { TableDescription: { ...tables.create(input), TableStatus: "CREATING" } };
  },
});
