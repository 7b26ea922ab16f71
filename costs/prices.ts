// What AWS and TinyPNG ask, in US dollars: the first tier, without taxes and free tiers. All of one day; whoever changes a
// price looks at the others too, and changes the date.

/** The day on which the prices were looked at. */
export const PRICES_OF = "2026-11-27";
/** Some services are dearer elsewhere: in eu-west-1 DynamoDB's requests by an eighth, logs by a seventh. */
export const PRICES_IN = "us-east-1";

export interface Price {
  readonly what: string;
  readonly usd: number;
  /** So many cost it. */
  readonly per: number;
  /** Of what: `requests`, `GB-s`. */
  readonly unit: string;
  readonly source: string;
}

const S3 = "https://aws.amazon.com/s3/pricing/";
const LAMBDA = "https://aws.amazon.com/lambda/pricing/";
const DYNAMODB = "https://aws.amazon.com/dynamodb/pricing/on-demand/";
const CLOUDWATCH = "https://aws.amazon.com/cloudwatch/pricing/";
const CLOUDFRONT = "https://aws.amazon.com/cloudfront/pricing/";

const MILLION = 1_000_000;

export const PRICES = {
  s3Write: { what: "S3: PUT, COPY, POST, LIST", usd: 0.005, per: 1000, unit: "requests", source: S3 },
  s3Read: { what: "S3: GET, HEAD", usd: 0.0004, per: 1000, unit: "requests", source: S3 },
  s3Storage: { what: "S3: storage, a month", usd: 0.023, per: 1, unit: "GB", source: S3 },
  lambdaRequest: { what: "Lambda: requests", usd: 0.2, per: MILLION, unit: "requests", source: LAMBDA },
  lambdaTime: { what: "Lambda: time on arm64", usd: 0.0000133334, per: 1, unit: "GB-s", source: LAMBDA },
  dynamodbWrite: {
    what: "DynamoDB: writes of up to 1 KB",
    usd: 0.625,
    per: MILLION,
    unit: "write units",
    source: DYNAMODB,
  },
  dynamodbRead: {
    what: "DynamoDB: reads of up to 4 KB",
    usd: 0.125,
    per: MILLION,
    unit: "read units",
    source: DYNAMODB,
  },
  streamRead: { what: "DynamoDB Streams: read by Lambda", usd: 0, per: 1, unit: "records", source: DYNAMODB },
  dynamodbStorage: { what: "DynamoDB: storage, a month", usd: 0.25, per: 1, unit: "GB", source: DYNAMODB },
  dynamodbRecovery: {
    what: "DynamoDB: point-in-time recovery, a month",
    usd: 0.2,
    per: 1,
    unit: "GB",
    source: DYNAMODB,
  },
  logs: { what: "CloudWatch: log lines", usd: 0.5, per: 1, unit: "GB", source: CLOUDWATCH },
  logStorage: { what: "CloudWatch: log storage, a month", usd: 0.03, per: 1, unit: "GB", source: CLOUDWATCH },
  metric: { what: "CloudWatch: metrics, a month", usd: 0.3, per: 1, unit: "metrics", source: CLOUDWATCH },
  alarm: { what: "CloudWatch: alarms, a month", usd: 0.1, per: 1, unit: "alarms", source: CLOUDWATCH },
  dashboard: { what: "CloudWatch: dashboards, a month", usd: 3, per: 1, unit: "dashboards", source: CLOUDWATCH },
  kmsKey: { what: "KMS: keys, a month", usd: 1, per: 1, unit: "keys", source: "https://aws.amazon.com/kms/pricing/" },
  event: {
    what: "EventBridge: events",
    usd: 1,
    per: MILLION,
    unit: "events",
    source: "https://aws.amazon.com/eventbridge/pricing/",
  },
  trace: {
    what: "X-Ray: traces",
    usd: 5,
    per: MILLION,
    unit: "traces",
    source: "https://aws.amazon.com/xray/pricing/",
  },
  dataOut: {
    what: "data out to the internet",
    usd: 0.09,
    per: 1,
    unit: "GB",
    source: "https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer",
  },
  cdnRequest: {
    what: "CloudFront: HTTPS requests, in Europe",
    usd: 0.012,
    per: 10_000,
    unit: "requests",
    source: CLOUDFRONT,
  },
  cdnData: { what: "CloudFront: data out, in Europe", usd: 0.085, per: 1, unit: "GB", source: CLOUDFRONT },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof PRICES;

/** TinyPNG's, by the compressions of a month: each applies up to so many. */
export const TINYPNG_TIERS = [
  { upTo: 500, usd: 0 },
  { upTo: 10_000, usd: 0.009 },
  { upTo: Number.POSITIVE_INFINITY, usd: 0.002 },
] as const;
export const TINYPNG_SOURCE = "https://tinify.com/developers";

/** What so many compressions cost in one month; TinyPNG gives the first 500 for nothing. */
export function tinypngUsd(compressions: number): number {
  let [usd, before] = [0, 0];
  for (const tier of TINYPNG_TIERS) {
    usd += Math.max(0, Math.min(compressions, tier.upTo) - before) * tier.usd;
    before = tier.upTo;
  }
  return usd;
}
