// Alarms are kept and read back; none is evaluated, and so none ever sends.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html

import { operation } from "../api/operation";
import { pageByToken } from "../api/pages";
import { count, list, oneOf, required, string } from "../api/shapes";
import { ALARM, type Alarm } from "./alarm";
import type { CloudWatchState } from "./state";

const PAGE = 50;
export const putMetricAlarm = operation({
  name: "PutMetricAlarm",
  input: ALARM,
  resources: ({ AlarmName }, { arnOfAlarm }: CloudWatchState) => [{ resource: arnOfAlarm(AlarmName) }],
  run({ alarms, arnOfAlarm, tags }, { Tags, ...alarm }) {
    const AlarmArn = arnOfAlarm(alarm.AlarmName);
    // Tags of an alarm that is there stay: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    if (!alarms.has(alarm.AlarmName)) tags.set(AlarmArn, new Map(Tags?.map(({ Key, Value }) => [Key, Value])));
    alarms.set(alarm.AlarmName, { ...alarm, AlarmArn, updated: new Date() });
  },
});

export const describeAlarms = operation({
  name: "DescribeAlarms",
  input: {
    AlarmNames: list(string),
    AlarmNamePrefix: string,
    AlarmTypes: list(oneOf("MetricAlarm", "CompositeAlarm")),
    MaxRecords: count,
    NextToken: string,
  },
  resources: () => [{ resource: "*" }],
  run({ alarms }: CloudWatchState, { AlarmNames, AlarmNamePrefix = "", AlarmTypes, MaxRecords = PAGE, NextToken }) {
    const isMeant = ({ AlarmName }: Alarm) =>
      (AlarmNames?.includes(AlarmName) ?? true) && AlarmName.startsWith(AlarmNamePrefix);
    const found = AlarmTypes?.includes("MetricAlarm") === false ? [] : [...alarms.values()].filter(isMeant);
    const page = pageByToken(found, ({ AlarmName }) => AlarmName, MaxRecords, NextToken);
    return { MetricAlarms: page.items.map(describe), CompositeAlarms: [], NextToken: page.nextToken };
  },
});

export const deleteAlarms = operation({
  name: "DeleteAlarms",
  input: { AlarmNames: required(list(string)) },
  resources: ({ AlarmNames }, { arnOfAlarm }: CloudWatchState) =>
    AlarmNames.map((name) => ({ resource: arnOfAlarm(name) })),
  run({ alarms, arnOfAlarm, tags }, { AlarmNames }) {
    for (const name of AlarmNames) {
      alarms.delete(name);
      tags.delete(arnOfAlarm(name));
    }
  },
});

const describe = ({ updated, ...alarm }: Alarm) => ({
  ...alarm,
  ActionsEnabled: alarm.ActionsEnabled ?? true,
  OKActions: alarm.OKActions ?? [],
  AlarmActions: alarm.AlarmActions ?? [],
  InsufficientDataActions: alarm.InsufficientDataActions ?? [],
  Dimensions: alarm.Dimensions ?? [],
  Metrics: alarm.Metrics ?? [],
  AlarmConfigurationUpdatedTimestamp: updated,
  StateValue: "INSUFFICIENT_DATA",
  StateReason: "Unchecked: Initial alarm creation",
  StateUpdatedTimestamp: updated,
  StateTransitionedTimestamp: updated,
});
