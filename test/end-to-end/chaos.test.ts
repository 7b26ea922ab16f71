// Nothing lost, nothing wrong, whatever fails: short runs of `npm run chaos`, and that its judge has eyes.

import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { watchAcceptance } from "../../chaos/accepted";
import { createChaosRule } from "../../chaos/faults";
import { judgeAll } from "../../chaos/judge";
import { drawPhoto } from "../../chaos/photo";
import { createPlan, type PlannedUpload } from "../../chaos/plan";
import { redriveAll } from "../../chaos/redrive";
import { type ChaosReport, runChaos } from "../../chaos/run";
import { chaosCommand } from "../../cli/chaos";
import { profileIds } from "../../functions/lib/profile-id";
import { createActivityStream } from "../../local/activity";
import type { ServiceCall } from "../../local/faults";
import { type Pipeline, startPipeline } from "../../pipeline";
import { loadSampleProfiles } from "../../pipeline/sample-profiles";
import { reset, whileHeld } from "../cli/operations";
import { runCommand } from "../cli/run";
import { synthesizedStack } from "../pipeline";

// On a busy machine everything that waits for a retry waits longer.
jest.setTimeout(60_000);

it("24 uploads end correct or as failure records while everything fails", async () => {
  const command = chaosCommand(async () => ({ directory: synthesizedStack(), remove() {} }));
  const { lines, progress, error } = await runCommand(command, "--json", "--seed", "194", "--uploads", "24");
  expect({ lines, error }).toEqual({ lines: [expect.any(String)], error: undefined });
  expect(progress).toContain("24 of 24 uploads sent\n");
  expect(progress).toMatch(/TinyPNG shrank \d+ times for \d+ photos\.\n/);
  const report: ChaosReport = JSON.parse(lines[0] ?? "");
  expect(report).toMatchObject({ seed: 194, uploads: 24 });
  const { accepted, verdicts, violations, lostEdits, redrive, faults } = report;
  expect(violations).toEqual([]);
  expect({ faceless: report.faceless, orphans: report.orphans }).toEqual({ faceless: [], orphans: [] });
  expect(lostEdits).toEqual([]);
  expect(accepted).toBeGreaterThan(20);
  expect(Object.values(verdicts).reduce((sum, count) => sum + count)).toBe(accepted);
  expect(verdicts.correct).toBeGreaterThan(5);
  expect(verdicts.superseded).toBeGreaterThan(0);
  expect(verdicts.failed).toBeGreaterThan(0);
  expect(Object.keys(faults).length).toBeGreaterThan(8);
  // Nothing fails any more, so nothing stays but what can never succeed.
  expect(redrive.states.succeeded).toBeGreaterThan(0);
  expect(redrive.stuck).toEqual([]);
  // Not as many as failed: a function's own record stands in for Lambda's of the same event.
  const remaining = Object.values(redrive.remaining).reduce((sum, count) => sum + count, 0);
  expect(remaining).toBeGreaterThan(0);
  expect(remaining).toBeLessThanOrEqual(redrive.states.failed);
});

it("14 uploads end so with --resizer account as well, with nothing of TinyPNG", async () => {
  const { lines, progress, error } = await runCommand(
    chaosCommand(),
    ...["--json", "--seed", "7", "--uploads", "14", "--resizer", "account"],
  );
  expect({ lines, error }).toEqual({ lines: [expect.any(String)], error: undefined });
  expect(progress).not.toContain("TinyPNG");
  const { verdicts, shrinks, faults }: ChaosReport = JSON.parse(lines[0] ?? "");
  expect(verdicts).toMatchObject({ lost: 0, wrong: 0 });
  expect(verdicts.correct).toBeGreaterThan(2);
  expect(shrinks).toBe(0);
  expect(Object.keys(faults).length).toBeGreaterThan(4);
}, 120_000);

describe("where each event comes twice and out of order", () => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await startPipeline(synthesizedStack(), 0, {
      deliverTwiceAndOutOfOrder: true,
      datesEventsByArrival: true,
    });
    await loadSampleProfiles(pipeline);
  });
  afterEach(() => reset(pipeline));
  afterAll(() => pipeline.close());

  it("without faults of TinyPNG no photo is paid for twice, but for those that a killed function took along", async () => {
    const { violations, photos, shrinks } = await runChaos(pipeline, { seed: 4, uploads: 12, tinifyFaults: false });
    expect(violations).toEqual([]);
    expect(shrinks).toBeLessThanOrEqual(1.2 * photos);
  });

  const photo = (number: number, profileId: string): PlannedUpload => ({
    number,
    kind: "photo",
    key: `original/${profileId}/${number}.jpg`,
    profileId,
    colour: number % 2 === 0 ? [255, 0, 0] : [0, 0, 255],
    width: 40 + number,
  });

  it("of two uploads to one key the one that S3 has gets its thumbnail, though its event is dated earlier", async () => {
    const { aws, s3, names } = pipeline;
    const [overtaken, overtaking] = [photo(1, "1"), { ...photo(2, "1"), key: "original/1/1.jpg" }] as const;
    const acceptance = watchAcceptance(aws.activity);
    const eTags = new Map<PlannedUpload, readonly string[]>();
    const put = async (each: PlannedUpload) => {
      const Body = await drawPhoto(each);
      const at = { Bucket: names.bucket, Key: each.key };
      const { ETag = "" } = await s3.send(new PutObjectCommand({ ...at, Body, Metadata: { "user-profile-id": "1" } }));
      acceptance.expect(ETag.replaceAll('"', ""), each);
      eTags.set(each, [ETag.replaceAll('"', "")]);
    };
    const meanwhile = async () => {
      await put(overtaking);
      await aws.idle();
    };
    await whileHeld(pipeline, "PUT original/1/1.jpg", meanwhile, () => put(overtaken));
    await aws.idle();
    const accepted = acceptance.accepted();
    const timeOf = (upload: PlannedUpload) => accepted.find((each) => each.upload === upload)?.time ?? "";
    expect(timeOf(overtaken) < timeOf(overtaking)).toBe(true);
    const judgements = await judgeAll(pipeline, accepted, eTags);
    expect(judgements.map(({ verdict, upload: { number } }) => [number, verdict])).toEqual([
      [2, "superseded"],
      [1, "correct"],
    ]);
  });

  it("the judge tells correct, lost and wrong apart", async () => {
    const { aws, s3, names } = pipeline;
    const [correct, lost, wrong, older, newer] = [
      photo(1, "1"),
      photo(2, "2"),
      photo(3, "3"),
      photo(4, "4"),
      photo(5, "4"),
    ] as const;
    const acceptance = watchAcceptance(aws.activity);
    const eTags = new Map<PlannedUpload, readonly string[]>();
    for (const each of [correct, lost, wrong, older, newer]) {
      const put = new PutObjectCommand({
        Bucket: names.bucket,
        Key: each.key,
        Body: await drawPhoto(each),
        Metadata: { "user-profile-id": each.profileId ?? "" },
      });
      const { ETag = "" } = await s3.send(put);
      acceptance.expect(ETag.replaceAll('"', ""), each);
      eTags.set(each, [ETag.replaceAll('"', "")]);
    }
    await aws.idle();
    await s3.send(new DeleteObjectCommand({ Bucket: names.bucket, Key: "thumbnails/2/2.jpg" }));
    const another = await drawPhoto(photo(6, "3"));
    await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: "thumbnails/3/3.jpg", Body: another }));

    const judgements = await judgeAll(pipeline, acceptance.accepted(), eTags);
    expect(judgements.map(({ verdict, upload: { number } }) => [number, verdict])).toEqual([
      [1, "correct"],
      [2, "lost"],
      [3, "wrong"],
      [4, "superseded"],
      [5, "correct"],
    ]);
  });

  it("the replay tells records that can never succeed from those that should have gone", async () => {
    const { aws, s3, names } = pipeline;
    const spoiled: PlannedUpload = { ...createPlan(7, 1).uploads[0], kind: "corrupt", number: 1 } as PlannedUpload;
    const Metadata = { "user-profile-id": "1" };
    const put = { Bucket: names.bucket, Key: "original/1.jpg", Body: await drawPhoto(spoiled), Metadata };
    await s3.send(new PutObjectCommand(put));
    await aws.idle();

    const { states, remaining, stuck } = await redriveAll(pipeline, () => spoiled);
    expect({ states, remaining, stuck }).toEqual({
      states: { succeeded: 0, superseded: 0, failed: 1 },
      remaining: { UnusablePhoto: 1 },
      stuck: [],
    });
    const { stuck: ofGoodPhoto } = await redriveAll(pipeline, () => ({ ...spoiled, kind: "photo" }));
    expect(ofGoodPhoto).toEqual([expect.stringMatching(/^CreateThumbnail\/.* \(photo\): UnusablePhoto: /)]);
  });
});

test("an upload that waits to be overtaken is let go when the embedded AWS is closed", async () => {
  const activity = createActivityStream();
  const isClosed = async () => {
    throw new Error("the embedded AWS was closed before it was idle");
  };
  const overtaken = new Set(["/photos/original/1.jpg"]);
  const options = { seed: 7, tinify: true, hung: new Set<string>(), overtaken, idle: isClosed, onFault: () => {} };
  const fault = createChaosRule(options, activity).request?.(call("s3", "/photos/original/1.jpg"));
  const detail = { bucket: "photos", key: "original/1.jpg" };
  activity.publish({ at: 0, service: "s3", action: "Notify", detail });
  expect(fault?.until).toBeInstanceOf(Promise);
  await expect(fault?.until).resolves.toBeUndefined();
}, 5_000);

const call = (service: string, path: string): ServiceCall => ({
  service,
  caller: { kind: "administrator", arn: "arn:aws:iam::111122223333:root" },
  requestId: "id",
  method: "PUT",
  path,
  body: Buffer.alloc(0),
});

describe("the same seed", () => {
  it("plans the same uploads, another seed others", () => {
    expect(createPlan(7, 200)).toEqual(createPlan(7, 200));
    expect(createPlan(8, 200)).not.toEqual(createPlan(7, 200));
    expect(createPlan(7, 2000).hung).toHaveLength(2);
  });

  it("plans the same kinds for string ids, each of them an id that a photo can be for", () => {
    const numbers = createPlan(7, 300);
    const texts = createPlan(7, 300, "string");
    expect(texts.uploads.map(({ kind }) => kind)).toEqual(numbers.uploads.map(({ kind }) => kind));
    expect(new Set(texts.profiles).size).toBe(numbers.profiles.length);
    expect(texts.profiles.filter((id) => !profileIds("string").isId(id))).toEqual([]);
    expect(texts.profiles).toEqual(expect.arrayContaining([expect.stringMatching(/^auth0\|/), "003", "-5"]));
    const parts = texts.uploads.map(({ key }) => key.split("/"));
    expect(parts.filter((each) => each.includes("..") || each.includes(""))).toEqual([]);
  });

  it("gives every photo bytes of its own, and has something of every kind", async () => {
    const { uploads } = createPlan(7, 1500);
    const looks = new Set(uploads.map(({ colour, width }) => `${colour} ${width}`));
    expect(looks.size).toBe(1500);
    const corrupt = uploads.filter(({ kind }) => kind === "corrupt");
    const drawn = await Promise.all(corrupt.map(drawPhoto));
    expect(new Set(drawn.map((bytes) => bytes.toString("base64"))).size).toBe(corrupt.length);
    expect(new Set(uploads.map(({ kind }) => kind)).size).toBe(6);
  });

  const ruleOf = (seed: number, onFault: (name: string) => void = () => {}) =>
    createChaosRule(
      { seed, tinify: true, hung: new Set(), overtaken: new Set(), idle: async () => {}, onFault },
      createActivityStream(),
    );

  it("makes the same faults, in whatever order the calls come", () => {
    const calls = Array.from({ length: 300 }, (_, index) => call("s3", `/bucket/original/${index % 100}.jpg`));
    const faultsOf = (seed: number, order: readonly ServiceCall[]) => {
      const rule = ruleOf(seed);
      return order.map((each) => `${each.path} ${JSON.stringify(rule.request?.(each))}`).sort();
    };
    const shuffled = [...calls].sort((a, b) => (a.path < b.path ? 1 : -1));
    expect(faultsOf(7, shuffled)).toEqual(faultsOf(7, calls));
    expect(faultsOf(8, calls)).not.toEqual(faultsOf(7, calls));
  });

  it("kills functions at their calls, the same with the same seed, and counts those that died", () => {
    const killsOf = (seed: number, onFault: (name: string) => void) => {
      const rule = ruleOf(seed, onFault);
      const invocation = { functionName: "CreateThumbnail", trigger: "dynamodb" };
      return Array.from({ length: 1000 }, (_, index) =>
        rule.invocation?.({ ...invocation, payload: `{"eTag":"${index}"}` }),
      ).filter((fault) => fault !== undefined);
    };
    const names: string[] = [];
    const kills = killsOf(7, (name) => names.push(name));
    expect(new Set(kills.map(({ killAtCall }) => killAtCall))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    expect(JSON.stringify(killsOf(7, () => {}))).toBe(JSON.stringify(kills));
    expect(names).toEqual([]);
    for (const { onDeath } of kills.slice(0, 2)) onDeath?.();
    expect(names).toEqual(Array(2).fill("lambda: killed mid-work"));
  });

  it.each(["s3", "dynamodb", "ssm", "events", "tinify"])("brings about every fault of %s", (service) => {
    const faults = new Set<string>();
    const rule = ruleOf(7, (name) => faults.add(name));
    for (let count = 0; count < 1000; count += 1) rule.request?.(call(service, "/shrink"));
    expect([...faults].sort()).toMatchSnapshot();
  });
});
