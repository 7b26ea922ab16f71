// What CloudWatch keeps: alarms, dashboards, and the tags of alarms.

import type { Account } from "../account";
import type { Alarm } from "./alarm";

export interface CloudWatchState {
  /** By name. */
  readonly alarms: Map<string, Alarm>;
  /** By name: their bodies. */
  readonly dashboards: Map<string, string>;
  /** By ARN. */
  readonly tags: Map<string, Map<string, string>>;
  arnOfAlarm(name: string): string;
  arnOfDashboard(name: string): string;
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html#amazoncloudwatch-resources-for-iam-policies */
export const createState = ({ accountId, region }: Account): CloudWatchState => ({
  alarms: new Map(),
  dashboards: new Map(),
  tags: new Map(),
  arnOfAlarm: (name) => `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`,
  arnOfDashboard: (name) => `arn:aws:cloudwatch::${accountId}:dashboard/${name}`,
});
