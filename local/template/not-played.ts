// Resource types that are kept and read back, but not played: each with the reason, which is printed at start.

const NO_METRICS = "there are no metrics";
const NO_PUBLISHER = "nothing publishes to a topic but alarms";

/** Resource type → why it does nothing here. */
export const NOT_PLAYED: Readonly<Record<string, string>> = {
  aws_cloudwatch_dashboard: NO_METRICS,
  aws_cloudwatch_log_metric_filter: NO_METRICS,
  aws_cloudwatch_metric_alarm: NO_METRICS,
  aws_kms_key: "nothing is encrypted",
  aws_s3_bucket_lifecycle_configuration: "nothing local lives long enough to expire",
  aws_sns_topic: NO_PUBLISHER,
  aws_sns_topic_policy: NO_PUBLISHER,
  aws_sns_topic_subscription: NO_PUBLISHER,
  terraform_data: "Terraform alone goes by it, when it changes",
};
