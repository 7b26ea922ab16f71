// Resource types that cannot matter locally: each with the reason, which is printed at start, and with the attributes that
// other resources and outputs read, so that an alarm may name its topic although neither is there.

import { randomUUID } from "node:crypto";
import type { Account } from "../account";

/** An argument of the ignored resource, as far as it is a string. */
type Argument = (name: string) => string | undefined;

export interface IgnoredType {
  readonly reason: string;
  attributes(argument: Argument, account: Account): Readonly<Record<string, unknown>>;
}

const NO_METRICS = "there are no metrics";
const NO_PUBLISHER = "nothing publishes to a topic but alarms";

export const IGNORED_TYPES: Readonly<Record<string, IgnoredType>> = {
  aws_cloudwatch_dashboard: {
    reason: NO_METRICS,
    attributes(argument, { accountId }) {
      const name = argument("dashboard_name");
      return {
        id: name,
        dashboard_name: name,
        dashboard_arn: name && `arn:aws:cloudwatch::${accountId}:dashboard/${name}`,
      };
    },
  },
  aws_cloudwatch_log_metric_filter: {
    reason: NO_METRICS,
    attributes: (argument) => ({ id: argument("name"), name: argument("name") }),
  },
  aws_cloudwatch_metric_alarm: {
    reason: NO_METRICS,
    attributes(argument, account) {
      const name = argument("alarm_name");
      return { id: name, alarm_name: name, arn: name && arnOf("cloudwatch", account, `alarm:${name}`) };
    },
  },
  aws_kms_key: {
    reason: "nothing is encrypted",
    attributes(_argument, account) {
      const keyId = randomUUID();
      return { id: keyId, key_id: keyId, arn: arnOf("kms", account, `key/${keyId}`) };
    },
  },
  aws_s3_bucket_lifecycle_configuration: {
    reason: "nothing local lives long enough to expire",
    attributes: (argument) => ({ id: argument("bucket"), bucket: argument("bucket") }),
  },
  aws_sns_topic: {
    reason: NO_PUBLISHER,
    attributes(argument, account) {
      const name = argument("name");
      const arn = name && arnOf("sns", account, name);
      return { id: arn, arn, name };
    },
  },
  aws_sns_topic_policy: {
    reason: NO_PUBLISHER,
    attributes: (argument) => ({ id: argument("arn"), arn: argument("arn") }),
  },
  aws_sns_topic_subscription: {
    reason: NO_PUBLISHER,
    attributes(argument) {
      const topic = argument("topic_arn");
      const arn = topic && `${topic}:${randomUUID()}`;
      return { id: arn, arn };
    },
  },
  terraform_data: {
    reason: "Terraform alone goes by it, when it changes",
    attributes: () => ({}),
  },
};

const arnOf = (service: string, { region, accountId }: Account, resource: string): string =>
  `arn:aws:${service}:${region}:${accountId}:${resource}`;
