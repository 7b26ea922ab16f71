// `npm run upload`: photos for profiles, checked before anything is sent, and waited for until each has its thumbnail.

import { Command, InvalidArgumentError } from "commander";
import { ORIGINAL_PREFIX } from "../functions/lib/keys";
import type { Deployment } from "../operations/deployment";
import { mistakesError } from "../operations/mistake";
import { sendPhotos, type Uploaded } from "../operations/send-photos";
import { type CheckedUpload, checkUploads } from "../operations/upload-check";
import { UserError } from "../stack/user-error";
import { type ConfirmOptions, confirm, withConfirmation } from "./confirm";
import { type DeploymentOptions, onDeployment, withDeploymentOptions } from "./on-deployment";
import { plural } from "./plural";
import { columnsOf, printJson } from "./print";
import { printable } from "./printable";
import { photoProfile } from "./profile-id";
import { bar } from "./progress";
import { createReport, type Report, untilStopped } from "./report";
import { unlessStopped, userStop } from "./stop";
import { renderTable } from "./table";
import { listUploads } from "./upload-list";

interface UploadOptions extends DeploymentOptions, ConfirmOptions {
  readonly user?: string;
  readonly timeout: number;
  readonly json?: boolean;
}

/** Seconds; Lambda waits one minute and then two before it gives an upload up. */
const DEFAULT_TIMEOUT = 300;

export const uploadCommand = (): Command =>
  withConfirmation(withDeploymentOptions(new Command("upload")))
    .description(
      "Upload photos for profiles, and wait for their thumbnails. All are checked first, and with any mistake none is sent. Exit 1 when one has no thumbnail in the end.",
    )
    .argument(
      "<paths...>",
      "photos named after their profile (12.jpg), folders of such photos, or CSV files with lines of profile,file",
    )
    .option("--user <id>", "the profile of a single photo, whatever its name")
    .option("--timeout <seconds>", "how long to wait for the last thumbnails", parseTimeout, DEFAULT_TIMEOUT)
    .option("--json", "print the result as one line of JSON at the end")
    .action(upload);

function parseTimeout(value: string): number {
  if (/^\d{1,5}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It must be a whole number of seconds from 0 to 99999.");
}

function upload(paths: string[], { user, timeout, json = false, yes, ...options }: UploadOptions): Promise<void> {
  const stop = userStop();
  const report = untilStopped(createReport(json ? process.stderr : process.stdout), stop);
  const results: Uploaded[] = [];
  return onDeployment(options, async (deployment, target) => {
    let total = 0;
    try {
      const uploads = await unlessStopped(stop, plan(deployment, paths, user, report));
      report.wait("");
      await confirm(target, `Upload ${photos(uploads.length)}`, { yes }, stop);
      total = uploads.length;
      report.say(`Uploading ${photos(total)} to s3://${deployment.bucket}/${ORIGINAL_PREFIX} …`);
      const onProgress = (sent: number) => report.wait(describeProgress(sent, results, total));
      const sending = { timeoutMs: timeout * 1000, results, onProgress, stop };
      await unlessStopped(stop, sendPhotos(deployment, uploads, sending));
    } catch (error) {
      if (!stop.aborted) throw error;
      if (total === 0) throw new UserError(`stopped by ${stop.reason} before anything was sent`);
      const done = results.filter(({ thumbnail }) => thumbnail !== null).length;
      throw new UserError(
        `stopped by ${stop.reason} when ${done} of ${photos(total)} had a thumbnail; what was sent goes on`,
      );
    } finally {
      report.wait("");
    }
    conclude(deployment, results, json, report);
  });
}

async function plan(
  deployment: Deployment,
  paths: readonly string[],
  user: string | undefined,
  report: Report,
): Promise<readonly CheckedUpload[]> {
  const profile = user === undefined ? undefined : photoProfile(deployment, "--user", user);
  const list = await listUploads(paths, profile, deployment.profileIds);
  const { uploads, mistakes } = await checkUploads(deployment, list, (count, total) => {
    report.wait(`${bar(count / total)}  checked ${count} of ${total}`);
  });
  if (mistakes.length > 0) throw mistakesError(mistakes, "nothing was sent");
  if (uploads.length === 0) throw new UserError("there is no photo in what you gave; nothing was sent");
  return uploads;
}

function describeProgress(sent: number, results: readonly Uploaded[], total: number): string {
  const failed = results.filter(({ thumbnail }) => thumbnail === null).length;
  const counts = `${sent} of ${total} sent, ${results.length - failed} done, ${failed} failed`;
  return `${bar((sent + results.length) / (2 * total))}  ${counts}`;
}

function conclude({ profileIds }: Deployment, results: readonly Uploaded[], json: boolean, { say }: Report): void {
  const sorted = [...results].sort((one, other) => profileIds.compare(one.profileId, other.profileId));
  const failed = sorted.filter(({ thumbnail }) => thumbnail === null);
  const rows = sorted.map(({ profileId, file, thumbnail, ms }) => [profileId, file, thumbnail ?? "none", String(ms)]);
  const columns = columnsOf(json ? process.stderr : process.stdout);
  say("");
  say(renderTable([["profile", "file", "thumbnail", "ms"], ...rows], { columns, dimmed: 2 }));
  for (const { profileId, file, why, record } of failed) {
    const lines = [`  profile ${profileId}  ${file}`, `  ${why}`, ...(record === undefined ? [] : [`  ${record}`])];
    say(["\n", { text: "failed", colour: "red" }, lines.map(printable).join("\n")]);
  }
  if (json) printJson({ photos: sorted, done: sorted.length - failed.length, failed: failed.length });
  if (failed.length > 0) throw new UserError(`${failed.length} of ${photos(sorted.length)} have no thumbnail`);
}

const photos = (count: number): string => plural(count, "photo");
