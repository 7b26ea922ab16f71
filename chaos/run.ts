// One chaos run: uploads as planned, edits profiles and erases people besides while faults rage, waits until the pipeline is idle, takes the
// faults away, judges, replays what failed, judges again, sweeps, and judges what had been correct once more.

import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { THUMBNAIL_PREFIX, thumbnailKeyOf } from "../functions/lib/keys";
import { PROFILE_ID } from "../functions/lib/metadata";
import { now } from "../local/activity";
import { inParallel } from "../operations/in-parallel";
import type { Pipeline } from "../pipeline";
import { loadSampleProfiles } from "../pipeline/sample-profiles";
import { watchAcceptance } from "./accepted";
import { createErasures } from "./erasures";
import { watchFaces } from "./faces";
import { createChaosRule, digestOf } from "./faults";
import { type Judgement, judgeAll, type Verdict } from "./judge";
import { drawPhoto, eTagOfBytes, formsOf } from "./photo";
import { createPlan, type PlannedUpload } from "./plan";
import { type Redrive, redriveAll } from "./redrive";
import { watchEvents } from "./sent-events";
import { type SweptPhotos, sweepAll } from "./swept";

export interface ChaosRunOptions {
  readonly seed: number;
  readonly uploads: number;
  /** Whether TinyPNG fails too; default true. */
  readonly tinifyFaults?: boolean;
  /** Told in words how far the run is; what does not last is true for this moment only. */
  readonly onProgress?: (line: string, isLasting: boolean) => void;
}

export interface ChaosReport {
  readonly seed: number;
  readonly uploads: number;
  /** Whether TinyPNG failed too. */
  readonly tinifyFaults: boolean;
  /** Uploads that S3 took; the others failed at the client as well. */
  readonly accepted: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** What became of the failure records when nothing failed any more. */
  readonly redrive: Redrive;
  /** What is lost or wrong, or is so after the redrive or the sweep, one by one. */
  readonly violations: readonly Judgement[];
  /** Profiles that had a thumbnail and lost it, even for a moment, each in words. */
  readonly faceless: readonly string[];
  /** Thumbnails that no profile names when all is done. */
  readonly orphans: readonly string[];
  /** The events that were not sent even once, each in words; none where the stack sends no events. */
  readonly missingEvents: readonly string[];
  /** How many were sent; absent where the stack sends none. */
  readonly events?: { readonly ready: number; readonly failed: number };
  /** What is left of people who were erased, each in words. */
  readonly lingering: readonly string[];
  /** What a sweep found in the end. */
  readonly swept: SweptPhotos;
  /** Profiles whose last edit is not there any more. */
  readonly lostEdits: readonly string[];
  /** Good photos of a profile number that is well-formed and known, as often as S3 accepted one. */
  readonly photos: number;
  /** What TinyPNG would bill for. */
  readonly shrinks: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly ms: number;
}

/** Uploads under way at a time. */
const CLIENTS = 8;
const PROGRESS_STEPS = 10;

/** Runs on a fresh pipeline, which the caller starts and closes. */
export async function runChaos(pipeline: Pipeline, options: ChaosRunOptions): Promise<ChaosReport> {
  const { seed, uploads: count, tinifyFaults: tinify = true, onProgress = () => {} } = options;
  const { aws, s3, dynamodb, names, profileIds } = pipeline;
  const start = now();
  const plan = createPlan(seed, count, profileIds.type);
  const acceptance = watchAcceptance(aws.activity);
  const events = watchEvents(pipeline);
  const erasures = await createErasures(pipeline, count, acceptance);
  const faces = watchFaces(pipeline, erasures.ids);
  let erasing: Promise<void> | undefined;
  const eTags = new Map<PlannedUpload, readonly string[]>();
  const edits = new Map<string, string>();
  const faults: Record<string, number> = {};
  let shrinks = 0;
  let stored = 0;
  aws.activity.subscribe(({ service, action, error, resource = "" }) => {
    if (service === "tinify" && action === "Shrink" && (error === undefined || error === "ConnectionCut")) shrinks += 1;
    if (service !== "s3" || action !== "PutObject" || !resource.includes(`/${THUMBNAIL_PREFIX}`)) return;
    stored += 1;
    onProgress(`${stored} thumbnails stored`, false);
  });

  async function upload(planned: PlannedUpload): Promise<void> {
    const body = await drawPhoto(planned);
    const [sent = "", ...stripped] = formsOf(body).map(eTagOfBytes);
    acceptance.expect(sent, planned);
    acceptance.ignore(stripped);
    eTags.set(planned, [sent, ...stripped]);
    const metadata = planned.profileId === undefined ? undefined : { [PROFILE_ID]: planned.profileId };
    const put = new PutObjectCommand({
      Bucket: names.bucket,
      Key: planned.key,
      Body: body,
      ContentType: "image/jpeg",
      Metadata: metadata,
    });
    // An upload that fails at its client is not accepted, unless S3 says otherwise.
    await Promise.all([s3.send(put).catch(() => undefined), planned.edited && edit(planned.edited, planned.number)]);
  }

  async function edit(profileId: string, number: number): Promise<void> {
    const attribute = `edit${number}`;
    const command = new UpdateItemCommand({
      TableName: names.table,
      Key: profileIds.keyOf(profileId),
      UpdateExpression: "SET #edit = :text",
      ExpressionAttributeNames: { "#edit": attribute },
      ExpressionAttributeValues: { ":text": { S: `edit ${number}` } },
    });
    const isDone = await dynamodb.send(command).then(
      () => true,
      () => false,
    );
    if (isDone) edits.set(attribute, profileId);
  }

  async function uploadAll(): Promise<void> {
    let done = 0;
    await inParallel(plan.uploads, CLIENTS, async (planned) => {
      await upload(planned);
      done += 1;
      if (done >= count / 2 && erasing === undefined) {
        erasing = erasures.uploadAndErase();
        // Asked for when all is uploaded, and by nobody after a run that was stopped.
        erasing.catch(() => {});
      }
      if (done % Math.ceil(count / PROGRESS_STEPS) === 0) onProgress(`${done} of ${count} uploads sent`, true);
    });
  }

  async function lostEdits(): Promise<string[]> {
    const lost: string[] = [];
    for (const [attribute, id] of edits) {
      const command = new GetItemCommand({ TableName: names.table, Key: profileIds.keyOf(id), ConsistentRead: true });
      if ((await dynamodb.send(command)).Item?.[attribute] === undefined) lost.push(`${attribute} of profile ${id}`);
    }
    return lost;
  }

  await loadSampleProfiles(pipeline, [...plan.profiles, ...erasures.ids]);
  const onFault = (name: string) => {
    faults[name] = (faults[name] ?? 0) + 1;
  };
  const slow = await Promise.all(plan.hung.map(drawPhoto));
  const hung = new Set(slow.flatMap(formsOf).map(digestOf));
  const overtaken = new Set(plan.overtaken.map(({ key }) => `/${names.bucket}/${key}`));
  const stopFaults = aws.faults.inject(
    createChaosRule({ seed, tinify, hung, overtaken, idle: aws.idle, onFault }, aws.activity),
  );
  await uploadAll();
  await erasing;
  onProgress("all uploads are sent; waiting until the pipeline is idle", true);
  await aws.idle();
  stopFaults();
  // As its receipt says: what was on its way has arrived by now.
  await erasures.repeat();
  await aws.idle();
  onProgress("idle; judging", true);
  const shrinksWithFaults = shrinks;
  const judge = () => judgeAll(pipeline, acceptance.accepted(), eTags);
  const judgements = await judge();
  const takenKeys = keysOfSeveral(plan.uploads);
  const faceless = await faces.faceless(takenKeys);
  const missing = (await events?.missing()) ?? [];
  onProgress("replaying the failure records, and judging again", true);
  const byETag = new Map([...eTags].flatMap(([planned, each]) => each.map((eTag) => [eTag, planned])));
  const redrive = await redriveAll(pipeline, (eTag = "") => byETag.get(eTag));
  const accepted = acceptance.accepted();
  const afterRedrive = await judge();
  const lingering = await erasures.lingering();
  onProgress("sweeping, and judging a last time", true);
  const swept = await sweepAll(pipeline);
  const correct = new Set(afterRedrive.flatMap(({ upload, verdict }) => (verdict === "correct" ? upload : [])));
  // The others' failure records may be gone by now.
  const afterSweep = (await judge()).filter(({ upload }) => correct.has(upload));
  const all = [...judgements, ...afterRedrive, ...afterSweep];
  erasures.close();
  const verdicts: Record<Verdict, number> = { correct: 0, superseded: 0, failed: 0, lost: 0, wrong: 0 };
  for (const { verdict } of judgements) verdicts[verdict] += 1;
  return {
    seed,
    uploads: count,
    tinifyFaults: tinify,
    accepted: accepted.length,
    verdicts,
    redrive,
    violations: all.filter(({ verdict }) => verdict === "lost" || verdict === "wrong"),
    faceless: [...new Set([...faceless, ...(await faces.faceless(takenKeys))])],
    orphans: await faces.orphans(),
    missingEvents: [...new Set([...missing, ...((await events?.missing()) ?? [])])],
    ...(events !== undefined && { events: events.count() }),
    lingering,
    swept,
    lostEdits: await lostEdits(),
    photos: accepted.filter(({ upload: { kind } }) => kind === "photo").length + acceptance.disregarded(),
    shrinks: shrinksWithFaults,
    faults,
    ms: Math.round(now() - start),
  };
}

/** The keys of thumbnails under whose photo's key several profiles have one: the last one takes it from the others. */
function keysOfSeveral(uploads: readonly PlannedUpload[]): ReadonlySet<string> {
  const owners = new Map<string, Set<string | undefined>>();
  for (const { key, profileId } of uploads) {
    owners.set(thumbnailKeyOf(key), (owners.get(thumbnailKeyOf(key)) ?? new Set()).add(profileId));
  }
  return new Set([...owners].filter(([, ids]) => ids.size > 1).map(([key]) => key));
}
