// `npm run profiles`: the profiles with their photos, and whether each photo has its thumbnail.

import { Command, InvalidArgumentError } from "commander";
import { type ListedProfile, listProfiles } from "../operations/list-profiles";
import { type DeploymentOptions, onDeployment, withDeploymentOptions } from "./on-deployment";
import { columnsOf, type Printed, printJson } from "./print";
import { anyProfile } from "./profile-id";
import { bar } from "./progress";
import { createReport } from "./report";
import { renderTable } from "./table";

interface ProfilesOptions extends DeploymentOptions {
  readonly maxItems: number;
  readonly startingToken?: string;
  readonly json?: boolean;
}

const DEFAULT_MAX_ITEMS = 100;

export const profilesCommand = (): Command =>
  withDeploymentOptions(new Command("profiles"))
    .description(
      "List profiles, their photos, and whether the thumbnail of each is there, not named, missing or stale.",
    )
    .option("--max-items <number>", "profiles listed at most", parseMaxItems, DEFAULT_MAX_ITEMS)
    .option("--starting-token <token>", "continue where an earlier list stopped")
    .option("--json", "print the list as one line of JSON")
    .action(profiles);

function parseMaxItems(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It must be a whole number from 1 to 999999.");
}

function profiles({ maxItems, startingToken, json = false, ...options }: ProfilesOptions): Promise<void> {
  const stream = json ? process.stderr : process.stdout;
  const { say, wait } = createReport(stream);
  return onDeployment(options, async (deployment) => {
    const onProgress = (count: number, total: number) => wait(`${bar(count / total)}  ${count} of ${total} profiles`);
    const token = startingToken === undefined ? undefined : anyProfile(deployment, "--starting-token", startingToken);
    const list = await listProfiles(deployment, { maxItems, startingToken: token, onProgress });
    wait("");
    if (json) return printJson(list);
    say(
      list.profiles.length === 0
        ? `There are no profiles in ${deployment.table}.`
        : render(list.profiles, columnsOf(stream)),
    );
    if (list.nextToken !== undefined) say(`\nThere are more: --starting-token ${list.nextToken}`);
  });
}

const render = (listed: readonly ListedProfile[], columns: number | undefined): Printed =>
  renderTable(
    [
      ["profile", "name", "nick", "image", "thumbnail"],
      ...listed.map(({ id, name, nick, image, thumbnail }) => [
        id,
        name ?? "",
        nick ?? "",
        image ?? "",
        thumbnail ?? "",
      ]),
    ],
    { columns, dimmed: 3 },
  );
