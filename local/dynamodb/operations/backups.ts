// Point-in-time recovery is kept as a setting; nothing is backed up.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html

import { operation } from "../../api/operation";
import { boolean, number, required, string, structure } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import type { TableDescription } from "../item-store";
import { nameOf, onTable, type TableState } from "./state";

const MAX_DAYS = 35;

export const updateContinuousBackups = operation({
  name: "UpdateContinuousBackups",
  input: {
    TableName: required(string),
    PointInTimeRecoverySpecification: required(
      structure({ PointInTimeRecoveryEnabled: required(boolean), RecoveryPeriodInDays: number }),
    ),
  },
  resources: onTable,
  run(state: TableState, { TableName, PointInTimeRecoverySpecification: wanted }) {
    const table = tableOf(state, TableName);
    const days = wanted.RecoveryPeriodInDays ?? MAX_DAYS;
    if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS) {
      throw new AwsError("ValidationException", `RecoveryPeriodInDays must be 1 to ${MAX_DAYS} (given ${days})`);
    }
    const settings = state.tables.settingsOf(table.TableName);
    settings.recovery = wanted.PointInTimeRecoveryEnabled ? { days, since: new Date() } : undefined;
    return descriptionOf(state, table);
  },
});

export const describeContinuousBackups = operation({
  name: "DescribeContinuousBackups",
  input: { TableName: required(string) },
  resources: onTable,
  run: (state: TableState, { TableName }) => descriptionOf(state, tableOf(state, TableName)),
});

/** These operations have a word of their own for a table that is not there. */
function tableOf(state: TableState, given: string): TableDescription {
  const name = nameOf(state.account, given);
  const table = state.store.table(name);
  if (table !== undefined) return table;
  throw new AwsError("TableNotFoundException", `Table not found: ${name}`);
}

function descriptionOf({ tables }: TableState, { TableName }: TableDescription) {
  const { recovery } = tables.settingsOf(TableName);
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription:
        recovery === undefined
          ? { PointInTimeRecoveryStatus: "DISABLED" }
          : {
              PointInTimeRecoveryStatus: "ENABLED",
              RecoveryPeriodInDays: recovery.days,
              EarliestRestorableDateTime: recovery.since,
              LatestRestorableDateTime: new Date(),
            },
    },
  };
}
