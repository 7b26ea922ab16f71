// One page that shows how the pipeline is: photos, functions, waiting times, failures.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html

import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import type { Watched } from "./alarms";

const PERIOD = 300;
const DAY = 86_400;
/** The grid has 24 columns. */
const WIDTH = 12;
const HEIGHT = 6;

export interface DashboardProps extends Watched {
  readonly region: string;
}

interface Graph {
  readonly title: string;
  readonly stat: string;
  readonly period?: number;
  /** Namespace, name, dimension, value, … */
  readonly metrics: readonly (readonly string[])[];
}

export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const widgets = graphsOf(props).map(({ title, stat, metrics, period = PERIOD }, index) => ({
      type: "metric",
      x: (index % 2) * WIDTH,
      y: Math.floor(index / 2) * HEIGHT,
      width: WIDTH,
      height: HEIGHT,
      properties: { title, region: props.region, stat, period, view: "timeSeries", metrics },
    }));
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: `profile-image${props.nameSuffix}`,
      dashboardBody: JSON.stringify({ widgets }),
    });
  }
}

function graphsOf({ photos, setProfileImage, createThumbnail, mapping, failuresBucket }: DashboardProps): Graph[] {
  const set = setProfileImage.function.functionName;
  const create = createThumbnail.function.functionName;
  const lambda = (metric: string, name: string) => ["AWS/Lambda", metric, "FunctionName", name];
  const both = (...metrics: string[]) => metrics.flatMap((metric) => [lambda(metric, set), lambda(metric, create)]);
  return [
    {
      title: "Photos",
      stat: "Sum",
      metrics: (["done", "failed", "skipped"] as const).map((outcome) => {
        const { namespace, metricName } = photos.of(outcome);
        return [namespace, metricName];
      }),
    },
    { title: "Invocations", stat: "Sum", metrics: both("Invocations") },
    { title: "Errors and throttles", stat: "Sum", metrics: both("Errors", "Throttles") },
    { title: "Duration, 95th percentile (ms)", stat: "p95", metrics: both("Duration") },
    {
      title: "Oldest upload and oldest change waiting (ms)",
      stat: "Maximum",
      metrics: [lambda("AsyncEventAge", set), lambda("IteratorAge", create)],
    },
    {
      title: "Given up by Lambda, and not even kept",
      stat: "Sum",
      metrics: [
        ["AWS/Lambda", "OnFailureDestinationDeliveredEventCount", "EventSourceMappingUUID", mapping.uuid],
        ...both("DestinationDeliveryFailures"),
      ],
    },
    { title: "Concurrent executions", stat: "Maximum", metrics: both("ConcurrentExecutions") },
    {
      title: "Failure records waiting",
      stat: "Maximum",
      period: DAY,
      metrics: [["AWS/S3", "NumberOfObjects", "BucketName", failuresBucket.bucket, "StorageType", "AllStorageTypes"]],
    },
  ];
}
