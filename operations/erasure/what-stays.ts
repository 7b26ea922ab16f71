// What of a person nobody can erase one by one, and until when it stays: AWS removes it by itself, or its owner does.

import { CloudWatchLogsClient, paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeContinuousBackupsCommand } from "@aws-sdk/client-dynamodb";
import type { Deployment } from "../deployment";

export interface Stays {
  readonly what: string;
  /** ISO 8601, or in words where there is no such time. */
  readonly until: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html */
const STREAM_MS = DAY_MS;

/**
 * Asks how long logs and the table's backups are kept.
 * @param from when the last of it was written
 * @param isInvalidated whether CloudFront's copies are gone
 */
export async function whatStays(deployment: Deployment, from: Date, isInvalidated: boolean): Promise<Stays[]> {
  const after = (ms: number) => new Date(from.getTime() + ms).toISOString();
  const { table, functionNames } = deployment;
  const days = await pointInTimeDays(deployment);
  const logs = await logRetentions(deployment, Object.values(functionNames));
  return [
    { what: `the stream of the table ${table}, with the item as it was`, until: after(STREAM_MS) },
    ...(days === undefined
      ? []
      : [{ what: `point-in-time recovery of the table ${table}`, until: after(days * DAY_MS) }]),
    ...logs.map(({ name, retention }) => ({
      what: `log lines of ${name}, with ids and keys`,
      until: retention === undefined ? "for good: the log group has no retention" : after(retention * DAY_MS),
    })),
    ...(deployment.isDelivered && !isInvalidated
      ? [{ what: "CloudFront's copies of thumbnails, unless you invalidate them", until: after(DAY_MS) }]
      : []),
    { what: "backups, exports and copies of your own, of the table and the buckets", until: "you remove them" },
    { what: "copies that browsers keep of a thumbnail", until: "they drop them, after a year at most" },
  ];
}

/** Undefined when it is off. */
async function pointInTimeDays({ dynamodb, table }: Deployment): Promise<number | undefined> {
  const command = new DescribeContinuousBackupsCommand({ TableName: table });
  const { PointInTimeRecoveryDescription: recovery } =
    (await dynamodb.send(command)).ContinuousBackupsDescription ?? {};
  if (recovery?.PointInTimeRecoveryStatus !== "ENABLED") return undefined;
  return recovery.RecoveryPeriodInDays ?? LONGEST_RECOVERY_DAYS;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html */
const LONGEST_RECOVERY_DAYS = 35;

async function logRetentions({ client: configuration }: Deployment, functionNames: readonly string[]) {
  const client = new CloudWatchLogsClient(configuration);
  const retentions: { name: string; retention: number | undefined }[] = [];
  try {
    for (const name of functionNames.map((each) => `/aws/lambda/${each}`)) {
      for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, { logGroupNamePrefix: name })) {
        const group = logGroups.find(({ logGroupName }) => logGroupName === name);
        if (group !== undefined) retentions.push({ name, retention: group.retentionInDays });
      }
    }
    return retentions;
  } finally {
    client.destroy();
  }
}
