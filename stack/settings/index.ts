// Settings from all their sources: checked one by one, put together, completed by the defaults, checked together.

import { checkValues } from "./check";
import { checkThumbnails, checkTogether } from "./conflicts";
import { isRecord } from "./kinds";
import type { Source } from "./source";
import type { Settings } from "./types";
import { caseVariants } from "./upload-suffixes";

export type { Source } from "./source";
export type { CloudfrontSettings, FunctionSize, Settings, StateBucket, StreamFunctionSize } from "./types";

export const DEFAULTS: Settings = {
  region: "eu-west-1",
  tableName: "user-profile",
  profileId: "number",
  // First what TinyPNG takes; then what cameras and programs make besides, so that it is not lost silently.
  uploadSuffixes: [
    ...[".jpg", ".jpeg", ".jfif", ".png", ".webp", ".avif"],
    ...[".heic", ".heif", ".gif", ".tif", ".tiff", ".bmp"],
  ],
  uploadOrigins: [],
  thumbnail: { width: 150, height: 150, method: "fit" },
  resizer: "tinypng",
  keepPreviousThumbnails: false,
  tinypngKeyVersion: 1,
  originals: "keep",
  stripOriginals: false,
  publicBucket: false,
  delivery: "none",
  cloudfront: { priceClass: "PriceClass_100" },
  events: false,
  // One HEAD and one UpdateItem for one photo: little work, but more memory (and so CPU) shortens Node's start. The time
  // is that of two calls with three attempts of ten seconds each.
  setProfileImage: { memorySize: 256, timeout: 60 },
  // Ten photos, five at a time, each held whole and copied once on its way to TinyPNG. The time is that of two rounds of
  // 45 seconds at TinyPNG, and of storing what came back.
  createThumbnail: { memorySize: 512, timeout: 120, batchSize: 10 },
  logRetentionDays: 30,
  tracing: false,
  stateBackend: "local",
  tags: {},
};

/**
 * The settings of several sources, of which a later one wins; throws a UserError for the first mistake.
 * @param sources from {@link readContext}; a command may add its own options at the end
 */
export function readSettings(sources: readonly Source[]): Settings {
  for (const { name, values } of sources) checkValues(name, values);
  checkThumbnails(sources);
  const merged = sources.reduce<Values>((sum, { values }) => merge(sum, values), { ...DEFAULTS });
  // The checks have just established the types.
  const settings = merged as unknown as Settings;
  checkTogether(settings);
  const [first] = settings.thumbnails ?? [];
  return {
    ...settings,
    uploadSuffixes: settings.uploadSuffixes.flatMap(caseVariants),
    ...(first !== undefined && { thumbnail: { width: first.width, height: first.height, method: first.method } }),
  };
}

type Values = Readonly<Record<string, unknown>>;

/** Groups are merged field by field; tags are not, so that an override can take one away. */
function merge(sum: Values, values: Values): Values {
  const merged: Record<string, unknown> = { ...sum };
  for (const [name, value] of Object.entries(values)) {
    const before = sum[name];
    merged[name] = name !== "tags" && isRecord(before) && isRecord(value) ? { ...before, ...value } : value;
  }
  return merged;
}
