// `npm run thumbnail`: a presigned URL of a profile's thumbnail, to open in a browser.

import { Command } from "commander";
import { thumbnailUrl } from "../operations/thumbnail-url";
import { DEFAULT_EXPIRY, parseExpiry } from "./expiry";
import { type DeploymentOptions, onDeployment, withDeploymentOptions } from "./on-deployment";
import { print, printJson } from "./print";
import { anyProfile } from "./profile-id";

interface ThumbnailOptions extends DeploymentOptions {
  readonly user: string;
  readonly size?: string;
  readonly expiresIn: number;
  readonly json?: boolean;
}

export const thumbnailCommand = (): Command =>
  withDeploymentOptions(new Command("thumbnail"))
    .description(
      "Print a presigned URL of a profile's thumbnail, which anybody can open until it expires; or say why there is none.",
    )
    .requiredOption("--user <id>", "the profile")
    .option("--size <name>", "one of the setting thumbnails, by its name; the first without it")
    .option("--expires-in <seconds>", "how long the URL is valid, at most a week", parseExpiry, DEFAULT_EXPIRY)
    .option("--json", "print the result as one line of JSON")
    .action(thumbnail);

function thumbnail({ user, size, expiresIn, json = false, ...options }: ThumbnailOptions): Promise<void> {
  return onDeployment(options, async (deployment) => {
    const signed = await thumbnailUrl(deployment, anyProfile(deployment, "--user", user), expiresIn, size);
    if (json) return printJson(signed);
    if (!signed.isCurrent) {
      print(`It shows the previous photo: profile ${user} has a newer one without a thumbnail.`, process.stderr);
    }
    print(`Until ${signed.expires} this shows ${signed.key}:`, process.stderr);
    print(signed.url);
  });
}
