// What is said to be used for a photo is what the pipeline uses: its calls are counted, with the real zips, for both resizers.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { PriceName } from "../../costs/prices";
import { compressionsOf, itemBytesOf, logBytesOf, storageOfPhoto, usesByMonth, usesOfPhoto } from "../../costs/uses";
import type { Activity } from "../../local/activity";
import type { Pipeline } from "../../pipeline";
import { DEFAULTS, type Settings } from "../../stack/settings";
import { record, startTestPipeline, synthesizedStack } from "../pipeline";
import { synthesizeStack } from "../stack/synthesized-stack";
import { synthesizeWith } from "../synthesize-with";

/** What is paid by the call, and which calls these are. */
const CALLS: readonly (readonly [PriceName, (activity: Activity) => boolean])[] = [
  ["s3Write", ({ service, action }) => service === "s3" && /^(Put|Copy|Post|List)/.test(action)],
  ["s3Read", ({ service, action }) => service === "s3" && /^(Get|Head)/.test(action)],
  ["dynamodbWrite", ({ service, action }) => service === "dynamodb" && /^(Put|Update|Delete)Item$/.test(action)],
  ["dynamodbRead", ({ service, action }) => service === "dynamodb" && /^(GetItem|Query|Scan)$/.test(action)],
  ["lambdaRequest", ({ service, action }) => service === "lambda" && action === "Start"],
  ["event", ({ service, action }) => service === "events" && action === "PutEvents"],
];

/** It says where it was taken. */
const PHOTO = readFileSync(join(__dirname, "..", "functions", "lib", "places", "place.jpg"));

/** Settings that change what is used. */
const CASES: readonly { readonly name: string; readonly changes: Partial<Settings> }[] = [
  { name: "the defaults", changes: {} },
  { name: "the resizer account", changes: { resizer: "account" } },
  { name: "photos that lose their place", changes: { stripOriginals: true } },
  {
    name: "three thumbnails and events",
    changes: {
      events: true,
      thumbnails: [
        { name: "card", width: 150, height: 150, method: "fit", format: "original" },
        { name: "small", width: 64, height: 64, method: "cover", format: "webp" },
        { name: "wide", width: 200, height: 100, method: "cover", format: "original" },
      ],
    },
  },
];

/** The functions of other settings are bundled first, and a busy machine takes its time for that. */
const BUNDLING_MS = 60_000;

// Synthesis says what several thumbnails cost at TinyPNG.
jest.spyOn(console, "warn").mockImplementation();
const folder = mkdtempSync(join(tmpdir(), "costs-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function stackWith(changes: Partial<Settings>): Promise<string> {
  if (Object.keys(changes).length === 0) return synthesizedStack();
  return synthesizeWith(folder, { CDKTF_CONTEXT_JSON: JSON.stringify(changes) });
}

async function upload({ s3, names, aws }: Pipeline, profileId: number): Promise<void> {
  const Key = `original/${profileId}/0b1c2d3e-0000-4000-8000-00000000000${profileId}.jpg`;
  const Metadata = { "user-profile-id": String(profileId) };
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body: PHOTO, ContentType: "image/jpeg", Metadata }));
  await aws.idle();
}

describe.each(CASES)("with $name", ({ changes }) => {
  const settings = { ...DEFAULTS, ...changes };
  let pipeline: Pipeline;
  let logs: CloudWatchLogsClient;
  let seen: readonly Activity[];
  let compressions: number;
  beforeAll(async () => {
    pipeline = await startTestPipeline(2, await stackWith(changes));
    logs = new CloudWatchLogsClient(pipeline.client);
    const before = record(pipeline);
    await upload(pipeline, 1);
    before.stop();
    const { activities, stop } = record(pipeline);
    await upload(pipeline, 2);
    stop();
    seen = activities;
    compressions = countIn(seen) - countIn(before.activities);
  }, BUNDLING_MS);
  afterAll(async () => {
    logs.destroy();
    await pipeline.close();
  });

  const said = (price: PriceName) =>
    usesOfPhoto(settings, settings.resizer)
      .filter((use) => use.price === price)
      .reduce((sum, { quantity }) => sum + quantity, 0);

  /** TinyPNG's count so far, in what it has answered last. */
  const countIn = (activities: readonly Activity[]) =>
    Math.max(0, ...activities.map(({ response }) => Number(response?.headers["compression-count"] ?? 0)));

  test.each(CALLS)("the calls of a photo that are paid as %s", (price, isOne) => {
    expect(seen.filter(isOne).length).toBe(said(price));
  });

  test("the changes in the stream, and TinyPNG's compressions", () => {
    const appended = seen.filter(({ action }) => action === "StreamAppend");
    expect(appended.reduce((sum, { detail }) => sum + Number(detail?.records), 0)).toBe(said("streamRead"));
    expect(compressions).toBe(settings.resizer === "tinypng" ? compressionsOf(settings) : 0);
  });

  test.each(["SetProfileImage", "CreateThumbnail"] as const)("what %s prints", async (name) => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }));
    const bytes = events.reduce((sum, { message = "" }) => sum + Buffer.byteLength(message), 0) / 2;
    expect(bytes).toBeLessThan(1.2 * logBytesOf(settings)[name]);
    expect(bytes).toBeGreaterThan(0.8 * logBytesOf(settings)[name]);
  });

  test("what a profile takes", async () => {
    const Key = { id: { N: "2" } };
    const { Item = {} } = await pipeline.dynamodb.send(new GetItemCommand({ TableName: pipeline.names.table, Key }));
    const bytes = Buffer.byteLength(JSON.stringify(Item).replace(/[{}":,]|"[SNM]":/g, ""));
    expect(bytes).toBeLessThan(1.2 * itemBytesOf(settings));
    expect(bytes).toBeGreaterThan(0.8 * itemBytesOf(settings));
  });
});

describe("what is paid by the month is what the stack has", () => {
  const everything: Settings = { ...DEFAULTS, events: true, alarmEmail: "on-call@example.com" };

  test.each([DEFAULTS, everything])("with alarms for $alarmEmail", (settings) => {
    const { events, alarmEmail } = settings;
    const { resources } = synthesizeStack({ events, ...(alarmEmail !== undefined && { alarmEmail }) });
    const counted = (price: PriceName) =>
      usesByMonth(settings)
        .filter((use) => use.price === price)
        .map(({ quantity }) => quantity);
    const there = (type: string) => {
      const number = resources(type).length;
      return number === 0 ? [] : [number];
    };
    expect(counted("alarm")).toEqual(there("aws_cloudwatch_metric_alarm"));
    expect(counted("dashboard")).toEqual(there("aws_cloudwatch_dashboard"));
    expect(counted("kmsKey")).toEqual(there("aws_kms_key"));
    const names = resources("aws_cloudwatch_log_metric_filter").map(
      ({ metric_transformation }) => (metric_transformation as { name: string }).name,
    );
    expect(counted("metric")[0]).toBe(new Set(names).size);
    expect(counted("metric").length).toBe(alarmEmail === undefined ? 1 : 2);
  });

  test.each([undefined, "dev"])("point-in-time recovery, in the stage %s", (stage) => {
    const { resource } = synthesizeStack(stage === undefined ? {} : { stage });
    const [recovery] = [resource("aws_dynamodb_table.user_profile").point_in_time_recovery].flat() as [
      { enabled: boolean },
    ];
    const prices = storageOfPhoto({ ...DEFAULTS, ...(stage !== undefined && { stage }) }).map(({ price }) => price);
    expect(prices.includes("dynamodbRecovery")).toBe(recovery.enabled);
  });
});
