// How many photos were done, failed or skipped: counted from the functions' log lines, which costs no call and nothing
// while no line is written. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html

import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { Construct } from "constructs";
import type { Outcome } from "../functions/lib/outcome";
import type { BundledFunction } from "./bundled-function";

const METRICS: Readonly<Record<Outcome, string>> = {
  done: "PhotosDone",
  failed: "PhotosFailed",
  skipped: "PhotosSkipped",
};

export interface PhotoMetricsProps {
  readonly nameSuffix: string;
  readonly setProfileImage: BundledFunction;
  readonly createThumbnail: BundledFunction;
}

/** A metric of CloudWatch without its dimensions. */
export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
}

export class PhotoMetrics extends Construct {
  readonly #namespace: string;

  constructor(scope: Construct, id: string, props: PhotoMetricsProps) {
    super(scope, id);
    this.#namespace = `ProfileImage${props.nameSuffix}`;
    this.#count("set_profile_image", props.setProfileImage, ["failed", "skipped"]);
    this.#count("create_thumbnail", props.createThumbnail, ["done", "failed", "skipped"]);
  }

  of(outcome: Outcome): Metric {
    return { namespace: this.#namespace, metricName: METRICS[outcome] };
  }

  #count(id: string, { function: lambda, logGroup }: BundledFunction, outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      const { metricName: name, namespace } = this.of(outcome);
      new CloudwatchLogMetricFilter(this, `${id}_${outcome}`, {
        name: `${name}-${lambda.functionNameInput}`,
        logGroupName: logGroup.name,
        // Lambda's JSON format puts what a function logs under "message".
        pattern: `{ $.message.outcome = "${outcome}" }`,
        metricTransformation: { name, namespace, value: "1", unit: "Count" },
      });
    }
  }
}
