// What one photo uses of each service, step by step, as the settings have it. test/costs/uses.test.ts holds the calls and
// the log lines to what the pipeline really does.

import type { FunctionName } from "../stack/function-names";
import type { Settings } from "../stack/settings";
import type { Resizer } from "../stack/settings/types";
import { isDevelopment } from "../stack/stage";
import type { PriceName } from "./prices";
import { CREATE_THUMBNAIL, SET_PROFILE_IMAGE, secondsOf } from "./times";

export interface Use {
  readonly step: string;
  readonly what: string;
  readonly price: PriceName;
  /** In the price's unit. */
  readonly quantity: number;
}

/** What is assumed of photos. */
export const PHOTO_BYTES = 2_000_000;
export const PHOTO_MEGAPIXELS = 12;
const THUMBNAIL_BYTES = 6000;
/** A profile with its photo and one thumbnail. */
export const ITEM_BYTES = 500;
/** What a profile says of each of several sizes. */
const SIZE_BYTES = 150;
/** DynamoDB writes so many for one unit. */
const UNIT_BYTES = 1024;
/** What both functions print, Lambda's own lines among it; with `stripOriginals` one is invoked twice. */
export const logBytesOf = ({ stripOriginals }: Settings): Readonly<Record<FunctionName, number>> => ({
  SetProfileImage: stripOriginals ? 1400 : 700,
  CreateThumbnail: 1400,
});

const GB = 1e9;
/** Lambda's GB has 1,024 MB. */
const gigabytes = (memorySize: number): number => memorySize / 1024;
const DAYS_A_MONTH = 30;

/** What TinyPNG counts for one photo: to shrink it, to resize it to each size, and to bring that into another format. */
export const compressionsOf = (settings: Settings): number =>
  formatsOf(settings).reduce((sum, format) => sum + (format === "original" ? 1 : 2), 1);

const formatsOf = ({ thumbnails }: Settings) => thumbnails?.map(({ format }) => format) ?? ["original"];

/** A profile with its photo and thumbnails. */
export const itemBytesOf = ({ thumbnails = [] }: Settings): number => ITEM_BYTES + thumbnails.length * SIZE_BYTES;

/**
 * What a photo uses from its upload to its thumbnail, when its profile has none yet. It is alone in its batch, as most are
 * when not many photos come at a time; in a full batch one request of CreateThumbnail serves ten.
 */
export function usesOfPhoto(settings: Settings, resizer: Resizer): readonly Use[] {
  const { setProfileImage, createThumbnail, events, tracing, stripOriginals } = settings;
  const setSeconds = secondsOf(SET_PROFILE_IMAGE, setProfileImage.memorySize);
  const thumbnails = formatsOf(settings).length;
  const writeUnits = Math.ceil(itemBytesOf(settings) / UNIT_BYTES);
  const createSeconds = secondsOf(CREATE_THUMBNAIL[resizer], createThumbnail.memorySize);
  const use = (step: string, what: string, price: PriceName, quantity: number): Use => ({
    step,
    what,
    price,
    quantity,
  });
  const logBytes = logBytesOf(settings);
  /** Of a photo that says where it was taken, as phones' do; the others are only read. */
  const stripping = [
    use("SetProfileImage", "S3: GET of the photo", "s3Read", 1),
    use("SetProfileImage", "S3: PUT of it without its place", "s3Write", 1),
    use("SetProfileImage", "Lambda: request for that PUT", "lambdaRequest", 1),
    use("SetProfileImage", "S3: HEAD of it", "s3Read", 1),
  ];
  return [
    use("upload", "S3: PUT of the photo", "s3Write", 1),
    use("SetProfileImage", "Lambda: request", "lambdaRequest", 1),
    use("SetProfileImage", "Lambda: time", "lambdaTime", setSeconds * gigabytes(setProfileImage.memorySize)),
    use("SetProfileImage", "S3: HEAD of the photo", "s3Read", 1),
    ...(stripOriginals ? stripping : []),
    use("SetProfileImage", "DynamoDB: the profile's photo", "dynamodbWrite", writeUnits),
    use("stream", "DynamoDB Streams: both changes", "streamRead", 2),
    use("CreateThumbnail", "Lambda: request", "lambdaRequest", 1),
    use("CreateThumbnail", "Lambda: time", "lambdaTime", createSeconds * gigabytes(createThumbnail.memorySize)),
    use("CreateThumbnail", "S3: GET of the photo", "s3Read", 1),
    ...(resizer === "tinypng" ? [use("CreateThumbnail", "data out to TinyPNG", "dataOut", PHOTO_BYTES / GB)] : []),
    use("CreateThumbnail", "S3: PUT of the thumbnail", "s3Write", thumbnails),
    use("CreateThumbnail", "DynamoDB: the profile's thumbnail", "dynamodbWrite", writeUnits),
    ...(events ? [use("CreateThumbnail", "EventBridge: the photo is ready", "event", 1)] : []),
    use("logs", "CloudWatch: what both print", "logs", (logBytes.SetProfileImage + logBytes.CreateThumbnail) / GB),
    ...(tracing ? [use("tracing", "X-Ray: a trace of each function", "trace", 2)] : []),
  ];
}

/** What is kept of a photo, for as long as it is, by the month. */
export function storageOfPhoto(settings: Settings): readonly Use[] {
  const { existingTable, stage, logRetentionDays } = settings;
  const use = (what: string, price: PriceName, bytes: number): Use => ({
    step: "storage",
    what,
    price,
    quantity: bytes / GB,
  });
  const logBytes = Object.values(logBytesOf(settings)).reduce((sum, bytes) => sum + bytes);
  const hasRecovery = existingTable === undefined && !isDevelopment(stage);
  return [
    use("S3: photo and thumbnail", "s3Storage", PHOTO_BYTES + THUMBNAIL_BYTES * formatsOf(settings).length),
    use("DynamoDB: the profile", "dynamodbStorage", itemBytesOf(settings)),
    ...(hasRecovery ? [use("DynamoDB: its point-in-time recovery", "dynamodbRecovery", itemBytesOf(settings))] : []),
    use(
      `CloudWatch: log lines, for ${logRetentionDays} days`,
      "logStorage",
      (logBytes * logRetentionDays) / DAYS_A_MONTH,
    ),
  ];
}

const ALARMS = 13;
/** Those of ReportFailure. */
const MORE_ALARMS = 2;
/** Of the mapping, when each of them has something to count; not one that streams do not have. */
const MAPPING_METRICS = 6;

/** What is paid by the month, however many photos come. Metrics are paid for the hours in which something was counted. */
export function usesByMonth({ alarmEmail, events }: Settings): readonly Use[] {
  const use = (what: string, price: PriceName, quantity: number): Use => ({
    step: "every month",
    what,
    price,
    quantity,
  });
  return [
    use("CloudWatch: PhotosDone, PhotosFailed, PhotosSkipped", "metric", 3),
    ...(alarmEmail === undefined
      ? []
      : [
          use("CloudWatch: alarms", "alarm", ALARMS + (events ? MORE_ALARMS : 0)),
          use("CloudWatch: what the mapping counts", "metric", MAPPING_METRICS),
          use("CloudWatch: dashboard", "dashboard", 1),
          use("KMS: the topic's key", "kmsKey", 1),
        ]),
  ];
}
