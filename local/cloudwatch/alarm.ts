// An alarm in the members of CloudWatch's API: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html

import { boolean, type InputOf, list, number, oneOf, required, string, structure } from "../api/shapes";

const DIMENSIONS = list(structure({ Name: required(string), Value: required(string) }));
const METRIC = structure({
  MetricStat: structure({
    Metric: required(structure({ Namespace: string, MetricName: string, Dimensions: DIMENSIONS })),
    Period: required(number),
    Stat: required(string),
    Unit: string,
  }),
  Id: required(string),
  Expression: string,
  Label: string,
  ReturnData: boolean,
  Period: number,
  AccountId: string,
});
export const ALARM = {
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
