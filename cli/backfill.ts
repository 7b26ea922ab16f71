// `npm run backfill`: makes thumbnails again where they are missing or of another size than today's, at a bounded rate.
// What a thumbnail was made of is written on it: whatever an interrupted run has done, the next one skips.

import { setTimeout } from "node:timers/promises";
import { paginateScan } from "@aws-sdk/client-dynamodb";
import { Command, InvalidArgumentError } from "commander";
import type { Deployment } from "../operations/deployment";
import { type Refreshed, refreshThumbnail } from "../operations/refresh-thumbnail";
import { refusalOf } from "../operations/refusal";
import { UserError } from "../stack/user-error";
import { type ConfirmOptions, confirm, plural, withConfirmation } from "./confirm";
import { type DeploymentOptions, onDeployment, withDeploymentOptions } from "./on-deployment";
import { printJson } from "./print";
import { printable } from "./printable";
import { parseAnyProfileId } from "./profile-id";
import { createProgress } from "./progress";
import { createReport } from "./report";
import { announceStop, leftToLambda, orSoonAfterStop, userStop } from "./stop";

interface BackfillOptions extends DeploymentOptions, ConfirmOptions {
  readonly rate: number;
  readonly json?: boolean;
}

const DEFAULT_RATE = 2;
const MAX_RATE = 100;
/** Profiles worked on at a time: TinyPNG takes seconds for a photo, and the rate would not be reached one by one. */
const CONCURRENCY = 8;

/** @param createStop for tests, which have no user */
export const backfillCommand = (createStop = userStop): Command =>
  withConfirmation(withDeploymentOptions(new Command("backfill")))
    .description(
      "Make thumbnails again, such as after a change of their size. Those that are right are skipped, so an interrupted run can just be repeated.",
    )
    .argument("[profiles...]", "numbers of profiles (default: all with a photo)", collectProfile, [])
    .option("--rate <number>", "thumbnails made in a second, at most", parseRate, DEFAULT_RATE)
    .option("--json", "print the result as one line of JSON at the end")
    .action((profiles: string[], options: BackfillOptions) => backfill(profiles, options, createStop()));

function collectProfile(value: string, others: readonly string[]): string[] {
  return [...others, parseAnyProfileId(value)];
}

function parseRate(value: string): number {
  const rate = Number(value);
  if (!(rate > 0 && rate <= MAX_RATE)) {
    throw new InvalidArgumentError(`It must be a number above 0, at most ${MAX_RATE}; 0.5 is one in two seconds.`);
  }
  return rate;
}

function backfill(
  chosen: readonly string[],
  { rate, json = false, yes, ...options }: BackfillOptions,
  stop: AbortSignal,
): Promise<void> {
  return onDeployment(options, async (deployment, target) => {
    const report = createReport(json ? process.stderr : process.stdout);
    const profileIds = chosen.length > 0 ? [...new Set(chosen)] : await allProfiles(deployment, stop);
    const work = `Make missing and stale thumbnails of ${plural(profileIds.length, "profile")}`;
    if (profileIds.length > 0) await confirm(target, work, { yes }, stop);
    announceStop(stop, report.say, "the thumbnails under way");
    const done = createProgress(profileIds.length, report);
    const pass = createPacer(rate, stop);
    const results: (Refreshed & { profileId: string })[] = [];
    const waiting = [...profileIds];
    const underWay = new Set<string>();
    let isLeft = false;

    async function worker(): Promise<void> {
      for (let profileId = waiting.shift(); profileId !== undefined && !stop.aborted; profileId = waiting.shift()) {
        const result = await refreshThumbnail(deployment, profileId, turnOf(profileId)).catch(asFailed);
        if (isLeft) return;
        underWay.delete(profileId);
        results.push({ profileId, ...result });
        done(describe(profileId, result));
      }
    }
    const turnOf = (profileId: string) => async () => {
      await pass();
      underWay.add(profileId);
    };
    async function workAll(): Promise<void> {
      try {
        await Promise.all(Array.from({ length: CONCURRENCY }, () => worker().catch(unlessStopped)));
      } finally {
        waiting.length = 0; // One that fails, such as when AWS refuses, ends all.
      }
    }
    await orSoonAfterStop(stop, workAll());
    isLeft = true;

    const count = (state: Refreshed["state"]) => results.filter((result) => result.state === state).length;
    const counts = { made: count("made"), skipped: count("skipped"), failed: count("failed") };
    const remaining = profileIds.length - results.length;
    if (json) printJson({ ...counts, remaining, profiles: results });
    else report.say(`${counts.made} made, ${counts.skipped} skipped, ${counts.failed} failed.`);
    if (remaining > 0) {
      throw new UserError(
        `stopped by ${stop.reason} after ${results.length} of ${profileIds.length} profiles${leftToLambda(underWay.size)}; repeat the command for the others`,
      );
    }
    if (counts.failed > 0) throw new UserError(`${counts.failed} of ${profileIds.length} thumbnails could not be made`);
  });
}

const describe = (profileId: string, { state, key, why }: Refreshed): string =>
  printable([state.padEnd(7), `profile ${profileId}`, key, why].filter((part) => part !== undefined).join("  "));

async function allProfiles({ dynamodb: client, table }: Deployment, stop: AbortSignal): Promise<string[]> {
  const profileIds: string[] = [];
  const input = { TableName: table, ProjectionExpression: "id", FilterExpression: "attribute_exists(image)" };
  for await (const { Items = [] } of paginateScan({ client }, input)) {
    if (stop.aborted) throw new UserError(`stopped by ${stop.reason} before any thumbnail was made`);
    profileIds.push(...Items.map(({ id }) => id?.N ?? ""));
  }
  return profileIds.sort((one, other) => Number(one) - Number(other));
}

/** Makes the function that lets its callers pass one by one, at most so many in a second; rejects once they shall stop. */
function createPacer(perSecond: number, signal: AbortSignal): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = performance.now();
    const turn = Math.max(now, next);
    next = turn + 1000 / perSecond;
    await setTimeout(Math.max(0, turn - now), undefined, { signal });
  };
}

/** What is refused about one profile ends none of the others. */
function asFailed(error: unknown): Refreshed {
  const why = refusalOf(error);
  if (why === undefined) throw error;
  return { state: "failed", why };
}

/** A profile that still waited for its turn is not begun. */
function unlessStopped(error: Error): void {
  if (error.name !== "AbortError") throw error;
}
