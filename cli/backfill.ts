// `npm run backfill`: makes thumbnails again where they are missing or of another size than today's, at a bounded rate.
// What a thumbnail was made of is written on it: whatever an interrupted run has done, the next one skips.

import { setTimeout } from "node:timers/promises";
import { paginateScan } from "@aws-sdk/client-dynamodb";
import { Command, InvalidArgumentError } from "commander";
import { UserError } from "../stack/user-error";
import { type Deployment, type DeploymentOptions, onDeployment, withDeploymentOptions } from "./deployment";
import { createProgress } from "./progress";
import { type Refreshed, refreshThumbnail } from "./refresh-thumbnail";
import { createReport } from "./report";

interface BackfillOptions extends DeploymentOptions {
  readonly rate: number;
  readonly json?: boolean;
}

const DEFAULT_RATE = 2;
const MAX_RATE = 100;
/** Profiles worked on at a time: TinyPNG takes seconds for a photo, and the rate would not be reached one by one. */
const CONCURRENCY = 8;

export const backfillCommand = (): Command =>
  withDeploymentOptions(new Command("backfill"))
    .description(
      "Make thumbnails again, such as after a change of their size. Those that are right are skipped, so an interrupted run can just be repeated.",
    )
    .argument("[profiles...]", "numbers of profiles (default: all with a photo)", collectProfile, [])
    .option("--rate <number>", "thumbnails made in a second, at most", parseRate, DEFAULT_RATE)
    .option("--json", "print the result as one line of JSON at the end")
    .action(backfill);

function collectProfile(value: string, others: readonly string[]): string[] {
  if (!/^(0|[1-9]\d*)$/.test(value)) throw new InvalidArgumentError("It must be the number of a profile.");
  return [...others, value];
}

function parseRate(value: string): number {
  const rate = Number(value);
  if (!(rate > 0 && rate <= MAX_RATE)) {
    throw new InvalidArgumentError(`It must be a number above 0, at most ${MAX_RATE}; 0.5 is one in two seconds.`);
  }
  return rate;
}

function backfill(chosen: string[], { rate, json = false, ...options }: BackfillOptions): Promise<void> {
  return onDeployment(options, async (deployment) => {
    const profileIds = chosen.length > 0 ? [...new Set(chosen)] : await allProfiles(deployment);
    const done = createProgress(profileIds.length, createReport(json ? process.stderr : process.stdout));
    const turn = createPacer(rate);
    const results: (Refreshed & { profileId: string })[] = [];
    const waiting = [...profileIds];

    async function worker(): Promise<void> {
      for (let profileId = waiting.shift(); profileId !== undefined; profileId = waiting.shift()) {
        const result = await refreshThumbnail(deployment, profileId, turn);
        results.push({ profileId, ...result });
        done(describe(profileId, result));
      }
    }
    try {
      await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    } finally {
      waiting.length = 0; // One that fails, such as when AWS refuses, ends all.
    }

    const count = (state: Refreshed["state"]) => results.filter((result) => result.state === state).length;
    const counts = { made: count("made"), skipped: count("skipped"), failed: count("failed") };
    if (json) console.log(JSON.stringify({ ...counts, profiles: results }));
    else console.log(`${counts.made} made, ${counts.skipped} skipped, ${counts.failed} failed.`);
    if (counts.failed > 0) throw new UserError(`${counts.failed} of ${profileIds.length} thumbnails could not be made`);
  });
}

const describe = (profileId: string, { state, key, why }: Refreshed): string =>
  [state.padEnd(7), `profile ${profileId}`, key, why].filter((part) => part !== undefined).join("  ");

async function allProfiles({ dynamodb: client, table }: Deployment): Promise<string[]> {
  const profileIds: string[] = [];
  const input = { TableName: table, ProjectionExpression: "id", FilterExpression: "attribute_exists(image)" };
  for await (const { Items = [] } of paginateScan({ client }, input)) {
    profileIds.push(...Items.map(({ id }) => id?.N ?? ""));
  }
  return profileIds.sort((one, other) => Number(one) - Number(other));
}

/** Makes the function that lets its callers pass one by one, at most so many in a second. */
function createPacer(perSecond: number): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = performance.now();
    const turn = Math.max(now, next);
    next = turn + 1000 / perSecond;
    if (turn > now) await setTimeout(turn - now);
  };
}
