// Alarms are kept and read back; none is evaluated, and so none ever sends.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html

import { operation } from "../api/operation";
import { pageByToken } from "../api/pages";
import { boolean, count, type InputOf, list, number, oneOf, required, string, structure } from "../api/shapes";
import type { CloudWatchState } from "./state";

const PAGE = 50;
const DIMENSIONS = list(structure({ Name: required(string), Value: required(string) }));
const METRIC = structure({
  MetricStat: structure({
    Metric: structure({ Namespace: string, MetricName: string, Dimensions: DIMENSIONS }),
    Period: number,
    Stat: string,
    Unit: string,
  }),
  Id: required(string),
  Expression: string,
  Label: string,
  ReturnData: boolean,
  Period: number,
  AccountId: string,
});
const ALARM = {
  AlarmName: required(string),
  AlarmDescription: string,
  ActionsEnabled: boolean,
  OKActions: list(string),
  AlarmActions: list(string),
  InsufficientDataActions: list(string),
  MetricName: string,
  Namespace: string,
  Statistic: oneOf("SampleCount", "Average", "Sum", "Minimum", "Maximum"),
  ExtendedStatistic: string,
  Dimensions: DIMENSIONS,
  Period: number,
  Unit: string,
  EvaluationPeriods: required(number),
  DatapointsToAlarm: number,
  Threshold: number,
  ComparisonOperator: required(string),
  TreatMissingData: oneOf("missing", "ignore", "breaching", "notBreaching"),
  EvaluateLowSampleCountPercentile: string,
  Metrics: list(METRIC),
  ThresholdMetricId: string,
  Tags: list(structure({ Key: required(string), Value: required(string) })),
};

/** An alarm as it was put. */
export interface Alarm extends Omit<InputOf<typeof ALARM>, "Tags"> {
  readonly AlarmArn: string;
  readonly updated: Date;
}

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
