// What MiniStack gives back otherwise than AWS does, so that a plan of an unchanged stack is not empty there. A fault that a
// newer version fixes must leave this list: a test fails when it is not seen where it should be.

import { join } from "node:path";
import type { StackJson } from "./provider";
import { must } from "./run";
import { PYTHON_BIN } from "./tools";
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

/**
 * MiniStack lets no record pass a filter for the absence of an attribute where the attribute is absent: it looks for the
 * type below it first. On AWS that is what `exists: false` is for.
 */
export function withoutFilters(json: StackJson): StackJson {
  const copy = structuredClone(json);
  for (const mapping of Object.values(copy.resource.aws_lambda_event_source_mapping ?? {}))
    delete mapping.filter_criteria;
  return copy;
}

const PROBE = `
from ministack.services.lambda_svc import _match_esm_filter
print(_match_esm_filter({"image": {}}, {"image": {"thumbnail": {"S": [{"exists": False}]}}}))`;

/** Whether it has that fault. */
export async function losesAbsentAttributes(): Promise<boolean> {
  const { stdout } = await must(join(PYTHON_BIN, "python"), ["-c", PROBE]);
  return stdout.trim().endsWith("False");
}
