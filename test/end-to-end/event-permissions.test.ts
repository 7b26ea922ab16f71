// Least privilege of what the setting `events` grants: each grant is missed when it is taken away, and all suffice.

import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Pipeline } from "../../pipeline";
import { stackWithEvents } from "../events-stack";
import { uploadRecord } from "../functions/factories";
import { picture } from "../local/tinify/pictures";
import { startTestPipeline } from "../pipeline";
import { type Grant, grantsOf, without } from "./grants";

let stack: string;
let pipeline: Pipeline;
let lambda: LambdaClient;
let logs: CloudWatchLogsClient;
let grants: Grant[];
let isNewMissed: unknown;

const photo = picture(300, 200).jpeg().toBuffer();
const BROKEN = Buffer.from("no photo");
let photos = 0;

/** Uploads a photo under a key of its own, and waits. */
async function upload(body: Buffer): Promise<string> {
  photos += 1;
  const { s3, names, aws } = pipeline;
  const Key = `original/${photos}.jpg`;
  const Metadata = { "user-profile-id": "1" };
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body: body, Metadata }));
  await aws.idle();
  return Key;
}

const typesOf = (photoKey: string) =>
  pipeline.aws.events
    .recent()
    .filter(({ detail }) => (detail.photo as { key: string }).key === photoKey)
    .map(({ "detail-type": type }) => type);

async function invoke(event: object): Promise<string> {
  const command = new InvokeCommand({ FunctionName: "ReportFailure", Payload: JSON.stringify(event) });
  const { FunctionError, $metadata } = await lambda.send(command);
  expect(FunctionError).toBeUndefined();
  return $metadata.requestId ?? "";
}

async function keptReports(): Promise<number> {
  const input = { Bucket: pipeline.names.failuresBucket, Prefix: "aws/lambda/async/ReportFailure/" };
  return (await pipeline.s3.send(new ListObjectsV2Command(input))).KeyCount ?? 0;
}

const SENDING = "events:PutEvents on event-bus/default";

const SCENARIOS = {
  async "a photo that is ready is told"() {
    expect(typesOf(await upload(await photo))).toEqual(["Photo ready"]);
  },
  async "a photo that failed is told"() {
    expect(typesOf(await upload(BROKEN))).toEqual(["Photo failed"]);
  },
  async "a record that is gone is told from a forbidden one"() {
    await invoke({ Records: [uploadRecord({ bucket: pipeline.names.failuresBucket, key: "CreateThumbnail/gone" })] });
  },
  async "what cannot be told is kept"() {
    const before = await keptReports();
    const sending = labelled("ReportFailure", SENDING);
    await lacking(sending, () => upload(BROKEN));
    expect(await keptReports()).toBe(before + 1);
  },
  async "log lines are written"() {
    const id = await invoke({ Records: [] });
    const input = { logGroupName: "/aws/lambda/ReportFailure", filterPattern: `"${id}"` };
    expect((await logs.send(new FilterLogEventsCommand(input))).events).not.toEqual([]);
  },
};

type Scenario = keyof typeof SCENARIOS;
const NEW_INSTANCE = "log lines are written" satisfies Scenario;

const MISSED_BY: Readonly<Record<string, Readonly<Record<string, Scenario>>>> = {
  CreateThumbnail: { [SENDING]: "a photo that is ready is told" },
  ReportFailure: {
    "s3:GetObject on failures_bucket/*": "a photo that failed is told",
    [SENDING]: "a photo that failed is told",
    "logs:CreateLogStream on report_failure_log_group:*": NEW_INSTANCE,
    "logs:PutLogEvents on report_failure_log_group:*": "log lines are written",
    "s3:PutObject on failures_bucket/*": "what cannot be told is kept",
    "s3:ListBucket on failures_bucket": "a record that is gone is told from a forbidden one",
  },
};

const CREATE_LOG_STREAM = "logs:CreateLogStream on report_failure_log_group:*";

const labelOf = ({ label }: Grant) => label.replace(/arn:.*(?=event-bus)/, "");

function labelled(functionName: string, label: string): Grant {
  const found = grants.find((grant) => grant.functionName === functionName && labelOf(grant) === label);
  if (found === undefined) throw new Error(`${functionName} has no grant ${label}`);
  return found;
}

/** Does some work while a grant is taken away; within such work only one that comes before it can be. */
async function lacking<T>(grant: Grant, work: () => Promise<T>): Promise<T> {
  const { iam } = pipeline.aws;
  const { policyDocument } = iam.getRolePolicy(grant);
  iam.putRolePolicy({ ...grant, policyDocument: without(policyDocument, [grant.index]) });
  try {
    return await work();
  } finally {
    iam.putRolePolicy({ ...grant, policyDocument });
  }
}

const failureOf = (work: () => Promise<unknown>) =>
  work().then(
    () => undefined,
    (error: unknown) => error,
  );

beforeAll(async () => {
  stack = stackWithEvents();
  grants = grantsOf(stack);
  pipeline = await startTestPipeline(1, stack);
  lambda = new LambdaClient(pipeline.client);
  logs = new CloudWatchLogsClient(pipeline.client);
  // Only what runs for the first time begins a log.
  isNewMissed = await failureOf(() =>
    lacking(labelled("ReportFailure", CREATE_LOG_STREAM), SCENARIOS["log lines are written"]),
  );
});
afterAll(async () => {
  lambda.destroy();
  logs.destroy();
  await pipeline.close();
});

test("the setting grants nothing else", () => {
  const granted = (functionName: string) =>
    grants
      .filter((grant) => grant.functionName === functionName)
      .filter(({ address }) => functionName !== "CreateThumbnail" || address.endsWith("_events_policy"))
      .map(labelOf);
  for (const [functionName, scenarios] of Object.entries(MISSED_BY)) {
    expect(granted(functionName).sort()).toEqual(Object.keys(scenarios).sort());
  }
});

test.each(Object.keys(SCENARIOS) as Scenario[])("with all grants %s", async (name) => {
  await SCENARIOS[name]();
});

describe("it is no longer true, without the grant, that", () => {
  const rows = Object.entries(MISSED_BY).flatMap(([functionName, scenarios]) =>
    Object.entries(scenarios).map(([label, name]) => ({ functionName, label, name })),
  );

  it.each(rows.filter(({ label }) => label !== CREATE_LOG_STREAM))(
    "$name: $functionName, $label",
    async ({ functionName, label, name }) => {
      const grant = labelled(functionName, label);
      expect(await failureOf(() => lacking(grant, SCENARIOS[name]))).toBeDefined();
    },
  );

  it("a new instance writes log lines", () => expect(isNewMissed).toBeDefined());
});
