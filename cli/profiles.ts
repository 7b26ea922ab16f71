// `npm run profiles`: the profiles with their photos, and whether each photo has its thumbnail.

import { type AttributeValue, ScanCommand } from "@aws-sdk/client-dynamodb";
import { Command, InvalidArgumentError } from "commander";
import { ORIGINAL_PREFIX } from "../functions/lib/keys";
import type { Deployment } from "../operations/deployment";
import { inParallel } from "../operations/in-parallel";
import { type ThumbnailState, thumbnailState } from "../operations/thumbnail-state";
import { type DeploymentOptions, onDeployment, withDeploymentOptions } from "./on-deployment";
import { printJson } from "./print";
import { parseAnyProfileId } from "./profile-id";
import { bar } from "./progress";
import { createReport, type Report } from "./report";
import { renderTable } from "./table";

interface ProfilesOptions extends DeploymentOptions {
  readonly maxItems: number;
  readonly startingToken?: string;
  readonly json?: boolean;
}

/** One profile, as `--json` prints it. */
export interface ListedProfile {
  readonly id: string;
  readonly name: string | null;
  readonly nick: string | null;
  readonly image: string | null;
  /** Null without a photo. */
  readonly thumbnail: ThumbnailState | "image is no text" | `not under ${typeof ORIGINAL_PREFIX}` | null;
}

const DEFAULT_MAX_ITEMS = 100;
/** Profiles whose photos are looked at at a time. */
const CONCURRENCY = 10;

export const profilesCommand = (): Command =>
  withDeploymentOptions(new Command("profiles"))
    .description("List profiles, their photos, and whether the thumbnail of each is there, missing or stale.")
    .option("--max-items <number>", "profiles listed at most", parseMaxItems, DEFAULT_MAX_ITEMS)
    .option("--starting-token <token>", "go on where an earlier list has stopped", parseAnyProfileId)
    .option("--json", "print the list as one line of JSON")
    .action(profiles);

function parseMaxItems(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It must be a whole number from 1 to 999999.");
}

function profiles({ maxItems, startingToken, json = false, ...options }: ProfilesOptions): Promise<void> {
  const report = createReport(json ? process.stderr : process.stdout);
  return onDeployment(options, async (deployment) => {
    const { items, nextToken } = await scan(deployment, maxItems, startingToken);
    const listed = await describeAll(deployment, items, report);
    if (json) return printJson({ profiles: listed, ...(nextToken !== undefined && { nextToken }) });
    report.say(listed.length === 0 ? `There are no profiles in ${deployment.table}.` : render(listed));
    if (nextToken !== undefined) report.say(`\nThere are more: --starting-token ${nextToken}`);
  });
}

type Item = Readonly<Record<string, AttributeValue>>;

/** Profiles in the table's own order; the token is the number of the last one. */
async function scan({ dynamodb, table }: Deployment, maxItems: number, startingToken: string | undefined) {
  const items: Item[] = [];
  let lastKey: Item | undefined = startingToken === undefined ? undefined : { id: { N: startingToken } };
  do {
    const command: ScanCommand = new ScanCommand({
      TableName: table,
      Limit: maxItems - items.length,
      ExclusiveStartKey: lastKey,
    });
    const { Items = [], LastEvaluatedKey } = await dynamodb.send(command);
    items.push(...Items);
    lastKey = LastEvaluatedKey;
  } while (lastKey !== undefined && items.length < maxItems);
  return { items, nextToken: lastKey?.id?.N };
}

async function describeAll(deployment: Deployment, items: readonly Item[], { wait }: Report): Promise<ListedProfile[]> {
  const listed: ListedProfile[] = [];
  await inParallel(items, CONCURRENCY, async ({ id, name, nick, image }) => {
    listed.push({
      id: id?.N ?? "",
      name: name?.S ?? null,
      nick: nick?.S ?? null,
      image: image?.S ?? null,
      thumbnail: image === undefined ? null : await stateOf(deployment, id?.N ?? "", image),
    });
    wait(`${bar(listed.length / items.length)}  ${listed.length} of ${items.length} profiles`);
  });
  wait("");
  return listed.sort((one, other) => Number(one.id) - Number(other.id));
}

/** Anybody may write into the table: what is no photo of ours is named as what it is. */
async function stateOf(deployment: Deployment, id: string, { S: key }: AttributeValue) {
  if (key === undefined) return "image is no text";
  return key.startsWith(ORIGINAL_PREFIX)
    ? thumbnailState(deployment, id, key)
    : (`not under ${ORIGINAL_PREFIX}` as const);
}

const render = (listed: readonly ListedProfile[]): string =>
  renderTable([
    ["profile", "name", "nick", "image", "thumbnail"],
    ...listed.map(({ id, name, nick, image, thumbnail }) => [id, name ?? "", nick ?? "", image ?? "", thumbnail ?? ""]),
  ]);
