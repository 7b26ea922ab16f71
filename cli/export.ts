// `npm run export`: writes all that the pipeline holds of a person into a folder.

import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { exportPerson } from "../operations/export-person";
import { keyPartOf } from "../operations/profile-images";
import { UserError } from "../stack/user-error";
import { type DeploymentOptions, onDeployment, withDeploymentOptions } from "./on-deployment";
import { plural } from "./plural";
import { printJson } from "./print";
import { printable } from "./printable";
import { anyProfile } from "./profile-id";
import { createReport } from "./report";
import { userStop } from "./stop";

interface ExportOptions extends DeploymentOptions {
  readonly to?: string;
  readonly json?: boolean;
}

/** Of a folder's name, in which an id may be a long one. */
const LONGEST_NAME = 100;

/** @param createStop for tests, which have no user */
export const exportCommand = (createStop = userStop): Command =>
  withDeploymentOptions(new Command("export"))
    .description(
      "Write all that the pipeline holds of a person into a new folder: every version of photos and thumbnails, the profile, failure records and log lines.",
    )
    .argument("<profile>", "id of the profile, whether or not there still is such a profile")
    .option("--to <folder>", "the folder to make (default: export-ID)")
    .option("--json", "print what was written as one line of JSON")
    .action((profile: string, options: ExportOptions) => run(profile, options, createStop()));

function run(given: string, { to, json = false, ...options }: ExportOptions, stop: AbortSignal): Promise<void> {
  const folder = resolve(to ?? `export-${keyPartOf(given).slice(0, LONGEST_NAME)}`);
  if (existsSync(folder)) throw new UserError(`there is a "${folder}" already; name another folder with --to`);
  if (!existsSync(dirname(folder)))
    throw new UserError(`there is no folder "${dirname(folder)}" to make "${folder}" in`);
  return onDeployment(options, async (deployment) => {
    const report = createReport(json ? process.stderr : process.stdout);
    const id = anyProfile(deployment, "the profile", given);
    const onProgress = (looked: number) => report.wait(`${looked} versions and records looked at …`);
    const exported = await exportPerson(deployment, id, folder, { stop, onProgress }).catch((error: unknown) => {
      if (!stop.aborted) throw error;
      throw new UserError(`stopped by ${stop.reason}; "${folder}" is not complete`);
    });
    report.wait("");
    if (json) return printJson({ profileId: id, ...exported });
    const { photos, records, logLines, hasProfile } = exported;
    report.say(
      printable(
        `profile ${id}: ${plural(photos, "version")} of photos and thumbnails, ${plural(records, "failure record")}, ${plural(logLines, "log line")}, ${hasProfile ? "the profile" : "no profile"}, in ${folder}`,
      ),
    );
  });
}
