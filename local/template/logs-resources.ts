// The aws_cloudwatch_log_… resource types.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_log_group

import type { ApplyResource, CallApi } from "./call";

export const LOGS_RESOURCES: Readonly<Record<string, ApplyResource>> = {
  async aws_cloudwatch_log_group(args, { call, account }) {
    const logGroupName = args.string("name");
    const days = args.optionalNumber("retention_in_days");
    await call("logs", "CreateLogGroup", { logGroupName });
    if (days !== undefined && days > 0) await retain(call, logGroupName, days);
    const arn = `arn:aws:logs:${account.region}:${account.accountId}:log-group:${logGroupName}`;
    return { arn, name: logGroupName, id: logGroupName };
  },

  async aws_cloudwatch_log_metric_filter(args, { call }) {
    const [logGroupName, filterName] = [args.string("log_group_name"), args.string("name")];
    await call("logs", "PutMetricFilter", {
      logGroupName,
      filterName,
      filterPattern: args.string("pattern"),
      metricTransformations: args.blocks("metric_transformation", (transformation) => ({
        metricName: transformation.string("name"),
        metricNamespace: transformation.string("namespace"),
        metricValue: transformation.string("value"),
        defaultValue: transformation.optionalNumber("default_value"),
        unit: transformation.optionalString("unit") ?? "None",
      })),
    });
    return { id: filterName, name: filterName };
  },
};

export const updateLogGroup: ApplyResource = async (args, { call }) => {
  const logGroupName = args.string("name");
  await retain(call, logGroupName, args.optionalNumber("retention_in_days") ?? 0);
  return {};
};

/** Terraform's 0 is for ever. */
const retain = (call: CallApi, logGroupName: string, retentionInDays: number): Promise<unknown> =>
  retentionInDays === 0
    ? call("logs", "DeleteRetentionPolicy", { logGroupName })
    : call("logs", "PutRetentionPolicy", { logGroupName, retentionInDays });
