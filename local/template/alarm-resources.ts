// The resource types of alarms: they are kept, and not played.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_metric_alarm

import type { ApplyResource } from "./call";

export const ALARM_RESOURCES: Readonly<Record<string, ApplyResource>> = {
  async aws_cloudwatch_metric_alarm(args, { call, account }) {
    const AlarmName = args.string("alarm_name");
    const dimensions = Object.entries(args.optionalStringMap("dimensions") ?? {});
    await call("cloudwatch", "PutMetricAlarm", {
      AlarmName,
      AlarmDescription: args.optionalString("alarm_description"),
      ActionsEnabled: args.optionalBoolean("actions_enabled") ?? true,
      AlarmActions: args.optionalStrings("alarm_actions"),
      OKActions: args.optionalStrings("ok_actions"),
      ComparisonOperator: args.string("comparison_operator"),
      Dimensions: dimensions.map(([Name, Value]) => ({ Name, Value })),
      EvaluationPeriods: args.number("evaluation_periods"),
      MetricName: args.string("metric_name"),
      Namespace: args.string("namespace"),
      Period: args.number("period"),
      Statistic: args.string("statistic"),
      Threshold: args.number("threshold"),
      TreatMissingData: args.optionalString("treat_missing_data"),
    });
    const arn = `arn:aws:cloudwatch:${account.region}:${account.accountId}:alarm:${AlarmName}`;
    return { id: AlarmName, alarm_name: AlarmName, arn };
  },

  async aws_cloudwatch_dashboard(args, { call, account }) {
    const DashboardName = args.string("dashboard_name");
    await call("cloudwatch", "PutDashboard", { DashboardName, DashboardBody: args.string("dashboard_body") });
    const arn = `arn:aws:cloudwatch::${account.accountId}:dashboard/${DashboardName}`;
    return { id: DashboardName, dashboard_name: DashboardName, dashboard_arn: arn };
  },

  async aws_sns_topic(args, { call }) {
    const Name = args.string("name");
    const key = args.optionalString("kms_master_key_id");
    const Attributes = key === undefined ? {} : { KmsMasterKeyId: key };
    const { TopicArn } = await call<{ TopicArn: string }>("sns", "CreateTopic", { Name, Attributes });
    return { id: TopicArn, arn: TopicArn, name: Name };
  },

  async aws_sns_topic_policy(args, { call }) {
    const [TopicArn, AttributeValue] = [args.string("arn"), args.string("policy")];
    await call("sns", "SetTopicAttributes", { TopicArn, AttributeName: "Policy", AttributeValue });
    return { id: TopicArn, arn: TopicArn };
  },

  async aws_sns_topic_subscription(args, { call }) {
    const { SubscriptionArn } = await call<{ SubscriptionArn: string }>("sns", "Subscribe", {
      TopicArn: args.string("topic_arn"),
      Protocol: args.string("protocol"),
      Endpoint: args.string("endpoint"),
      ReturnSubscriptionArn: true,
    });
    return { id: SubscriptionArn, arn: SubscriptionArn };
  },

  async aws_kms_key(args, { call }) {
    args.inert("deletion_window_in_days");
    const rotates = args.optionalBoolean("enable_key_rotation") ?? false;
    const input = { Description: args.optionalString("description"), Policy: args.optionalString("policy") };
    const { KeyMetadata: key } = await call<{ KeyMetadata: { KeyId: string; Arn: string } }>("kms", "CreateKey", input);
    if (rotates) await call("kms", "EnableKeyRotation", { KeyId: key.KeyId });
    return { id: key.KeyId, key_id: key.KeyId, arn: key.Arn };
  },
};
