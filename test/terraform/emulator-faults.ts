// What MiniStack gives back otherwise than AWS does, so that a plan of an unchanged stack is not empty there. A fault that a
// newer version mends must leave this list: a test fails when it is not seen where it should be.

import type { Change } from "./workspace";

export interface Fault {
  /** Of the resources that have it. */
  readonly address: RegExp;
  /** The arguments that come back otherwise, or not at all. */
  readonly changed: readonly string[];
  readonly why: string;
}

export const FAULTS: readonly Fault[] = [
  {
    address: /^aws_cloudwatch_metric_alarm\./,
    changed: [
      "actions_enabled",
      "alarm_actions",
      "alarm_description",
      "dimensions",
      "ok_actions",
      "period",
      "statistic",
      "treat_missing_data",
    ],
    why: "DescribeAlarms, as the provider asks, tells of an alarm little more than its name",
  },
  {
    address: /^aws_lambda_event_source_mapping\./,
    changed: ["metrics_config"],
    why: "GetEventSourceMapping leaves out MetricsConfig",
  },
];

export const isFault = ({ address, changed }: Fault, change: Change): boolean =>
  change.actions.join() === "update" &&
  address.test(change.address) &&
  change.changed.every((name) => changed.includes(name));
