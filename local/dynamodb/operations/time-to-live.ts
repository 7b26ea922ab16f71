// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html

import { operation } from "../../api/operation";
import { boolean, required, string, structure } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import { nameOf, onTable, type TableState, tableNamed } from "./state";

const LONGEST_NAME = 255;

/** AWS lets it be changed once an hour; here whenever somebody wants to. */
export const updateTimeToLive = operation({
  name: "UpdateTimeToLive",
  input: {
    TableName: required(string),
    TimeToLiveSpecification: required(structure({ AttributeName: required(string), Enabled: required(boolean) })),
  },
  resources: onTable,
  run(state: TableState, { TableName, TimeToLiveSpecification }) {
    const { AttributeName: name, Enabled } = TimeToLiveSpecification;
    const { length } = name;
    if (length < 1 || length > LONGEST_NAME) {
      throw invalid(`AttributeName must have a length of 1 to ${LONGEST_NAME} characters (given ${length})`);
    }
    const { timeToLive } = state.tables;
    const table = tableNamed(state, nameOf(state.account, TableName)).TableName;
    const before = timeToLive.attributeOf(table);
    if (before !== undefined && before !== name) {
      throw invalid(`TimeToLive is active on a different AttributeName: current AttributeName is ${before}`);
    }
    if (Enabled === (before !== undefined)) throw invalid(`TimeToLive is already ${Enabled ? "enabled" : "disabled"}`);
    if (Enabled) timeToLive.enable(table, name);
    else timeToLive.disable(table);
    return { TimeToLiveSpecification };
  },
});

export const describeTimeToLive = operation({
  name: "DescribeTimeToLive",
  input: { TableName: required(string) },
  resources: onTable,
  run(state: TableState, { TableName }) {
    const table = tableNamed(state, nameOf(state.account, TableName));
    const AttributeName = state.tables.timeToLive.attributeOf(table.TableName);
    return {
      TimeToLiveDescription: { TimeToLiveStatus: AttributeName === undefined ? "DISABLED" : "ENABLED", AttributeName },
    };
  },
});

const invalid = (message: string) => new AwsError("ValidationException", message);
