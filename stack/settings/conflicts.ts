// Settings that are fine by themselves and not together.

import { UserError } from "../user-error";
import type { Source } from "./source";
import type { Settings } from "./types";

/** Throws a UserError for the first conflict. */
export function checkTogether(settings: Settings): void {
  const { existingBucket, stateBackend } = settings;
  if (existingBucket !== undefined) {
    for (const [name, isSet] of Object.entries(OWNERS_AFFAIRS)) {
      if (!isSet(settings)) continue;
      throw new UserError(
        `The settings "existingBucket" and "${name}" do not go together (given ${JSON.stringify(existingBucket)} and ${JSON.stringify(settings[name as keyof Settings])}): access, CORS and lifecycle of an existing bucket are its owner's, to be set where the bucket is made`,
      );
    }
  }
  checkCloudfront(settings);
  if (stateBackend !== "local" && stateBackend.bucket === undefined) {
    throw new UserError(
      `The setting "stateBackend.bucket" is missing: without it the state stays local (given ${JSON.stringify(stateBackend)})`,
    );
  }
}

/** Throws a UserError where `thumbnail`, the short form for one size, comes beside `thumbnails` or after it. */
export function checkThumbnails(sources: readonly Source[]): void {
  const at = sources.findIndex(({ values }) => values.thumbnails !== undefined);
  const list = sources[at];
  const short = list && sources.slice(at).find(({ values }) => values.thumbnail !== undefined);
  if (list === undefined || short === undefined) return;
  throw new UserError(
    `${short.name}: the setting "thumbnail" is the short form of "thumbnails" for one size, so only one of them can be given (given ${JSON.stringify(short.values.thumbnail)} and ${JSON.stringify(list.values.thumbnails)})`,
  );
}

function checkCloudfront({ delivery, cloudfront: { domain, certificateArn } }: Settings): void {
  if ((domain === undefined) !== (certificateArn === undefined)) {
    const [given, missing] = domain === undefined ? ["certificateArn", "domain"] : ["domain", "certificateArn"];
    throw new UserError(
      `The settings "cloudfront.domain" and "cloudfront.certificateArn" belong together, a domain and its certificate (given "cloudfront.${given}" ${JSON.stringify(domain ?? certificateArn)} without "cloudfront.${missing}")`,
    );
  }
  if (domain !== undefined && delivery !== "cloudfront") {
    throw new UserError(
      `The setting "cloudfront.domain" needs "delivery": "cloudfront" (given ${JSON.stringify(domain)} and "delivery": ${JSON.stringify(delivery)})`,
    );
  }
}

const OWNERS_AFFAIRS: Readonly<Record<string, (settings: Settings) => boolean>> = {
  publicBucket: ({ publicBucket }) => publicBucket,
  uploadOrigins: ({ uploadOrigins }) => uploadOrigins.length > 0,
  originalsRetentionDays: ({ originalsRetentionDays }) => originalsRetentionDays !== undefined,
};
