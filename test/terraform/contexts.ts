// Every setting of the stack in a value other than its default, and the settings that meet in one resource together.

import type { Context } from "./stacks";

const REGION = { region: "us-west-2" };
const DEV = { stage: "dev" };
const STAGE = { stage: "test" };
const BUCKET_NAME = { bucketName: "our-photos" };
const EXISTING_BUCKET = { existingBucket: "their-photos" };
const TABLE_NAME = { tableName: "our-people" };
const EXISTING_TABLE = { existingTable: "their-people" };
const TEXT_IDS = { profileId: "string" };
const SUFFIXES = { uploadSuffixes: [".jpg", ".tar.gz"] };
const ORIGINS = { uploadOrigins: ["https://www.example.com", "http://localhost:3000"] };
const THUMBNAIL = { thumbnail: { width: 320, height: 200, method: "cover" } };
const THUMBNAILS = {
  thumbnails: [
    { name: "card", width: 150, height: 150, method: "fit", format: "original" },
    { name: "small", width: 64, height: 64, method: "cover", format: "webp" },
  ],
};
const RESIZER = { resizer: "account" };
const KEEP = { keepPreviousThumbnails: true };
const KEY_VERSION = { tinypngKeyVersion: 20261125 };
const RETENTION = { originalsRetentionDays: 30 };
const CURRENT = { originals: "current" };
const STRIP = { stripOriginals: true };
const FAILURES_RETENTION = { failuresRetentionDays: 90 };
const PUBLIC = { publicBucket: true };
const DELIVERY = { delivery: "cloudfront" };
const OWN_DOMAIN = {
  ...DELIVERY,
  cloudfront: {
    priceClass: "PriceClass_All",
    domain: "faces.example.com",
    certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/7b5a2c1e-90f4-4d0a-8a8e-0c1d2e3f4a5b",
  },
};
const EVENTS = { events: true };
const SET_PROFILE_IMAGE = { setProfileImage: { memorySize: 512, timeout: 90, reservedConcurrentExecutions: 5 } };
const CREATE_THUMBNAIL = {
  createThumbnail: {
    memorySize: 1024,
    timeout: 300,
    reservedConcurrentExecutions: 5,
    batchSize: 5,
  },
};
const PARALLEL = { createThumbnail: { parallelizationFactor: 4 } };
const LOGS = { logRetentionDays: 365 };
const ALARMS = { alarmEmail: "operators@example.com" };
const TRACING = { tracing: true };
const STATE = { stateBackend: { bucket: "our-states", key: "photos/one.tfstate", region: "us-east-1" } };
const TAGS = { tags: { team: "profiles", "cost centre": "4/2" } };

/** One setting each. */
export const SINGLE: readonly Context[] = [
  {},
  REGION,
  DEV,
  STAGE,
  BUCKET_NAME,
  EXISTING_BUCKET,
  TABLE_NAME,
  EXISTING_TABLE,
  TEXT_IDS,
  SUFFIXES,
  ORIGINS,
  THUMBNAIL,
  THUMBNAILS,
  RESIZER,
  KEEP,
  KEY_VERSION,
  RETENTION,
  CURRENT,
  STRIP,
  FAILURES_RETENTION,
  PUBLIC,
  DELIVERY,
  OWN_DOMAIN,
  EVENTS,
  SET_PROFILE_IMAGE,
  CREATE_THUMBNAIL,
  PARALLEL,
  LOGS,
  ALARMS,
  TRACING,
  STATE,
  TAGS,
];

/** Terraform leaves these as they are when they are no longer written; docs/changing-settings.md says how to go back. */
export const LASTING: readonly Context[] = [PARALLEL];

/** Those of a stack that CloudFront delivers from. */
export const DELIVERED: readonly Context[] = [DELIVERY, OWN_DOMAIN];

/** Settings that write to the same resources or take the place of one another. */
export const TOGETHER: readonly Context[] = [
  { ...EXISTING_BUCKET, ...EXISTING_TABLE },
  { ...DEV, ...EXISTING_BUCKET },
  { ...DEV, ...EXISTING_TABLE },
  { ...EXISTING_BUCKET, ...ALARMS },
  { ...EXISTING_TABLE, ...TRACING },
  { ...EXISTING_TABLE, ...TEXT_IDS },
  { ...EXISTING_BUCKET, ...SUFFIXES },
  { ...STAGE, ...BUCKET_NAME, ...TABLE_NAME },
  { ...DEV, ...PUBLIC },
  { ...DEV, ...PUBLIC, ...DELIVERY },
  { ...EXISTING_BUCKET, ...DELIVERY },
  { ...EVENTS, ...ALARMS, ...TRACING },
  { ...EVENTS, ...EXISTING_BUCKET, ...EXISTING_TABLE },
  { ...DEV, ...EVENTS },
  { ...RESIZER, ...EVENTS, ...THUMBNAIL },
  { ...PUBLIC, ...ORIGINS, ...RETENTION },
  { ...DEV, ...ALARMS },
  { ...REGION, ...STATE, ...STAGE },
  { ...TAGS, ...ALARMS },
  { ...REGION, ...ALARMS },
];

/** All that can be on at once in a stack that makes what it uses. */
export const EVERYTHING: Context = {
  ...SUFFIXES,
  ...ORIGINS,
  ...THUMBNAIL,
  ...KEEP,
  ...RETENTION,
  ...CURRENT,
  ...STRIP,
  ...FAILURES_RETENTION,
  ...PUBLIC,
  ...SET_PROFILE_IMAGE,
  ...CREATE_THUMBNAIL,
  ...LOGS,
  ...ALARMS,
  ...TRACING,
  ...EVENTS,
  ...TAGS,
};
