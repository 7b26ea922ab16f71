// The table of settings: what is allowed for each. Neither prefix of the keys is a setting: uploads under original/ and
// thumbnails under thumbnails/ are what keeps the pipeline from starting itself, and no suffix can name a folder.

import { PROFILE_ID_TYPES } from "../../functions/lib/profile-id";
import { RESIZE_METHODS, type Size, THUMBNAIL_FORMATS } from "../../functions/lib/size";
import { CREATE_THUMBNAIL_SECONDS } from "../../functions/lib/time-limits";
import {
  ACCOUNT_SUFFIX,
  isBucketName,
  isReserved,
  mayEndNewBucket,
  RESERVED_PREFIXES,
  RESERVED_SUFFIXES,
} from "./bucket-names";
import {
  type AnyRule,
  type Group,
  groups,
  list,
  map,
  oneOf,
  oneOfNumbers,
  type Rule,
  text,
  textThat,
  wholeNumber,
  yesOrNo,
} from "./kinds";
import {
  type CloudfrontSettings,
  DELIVERIES,
  type FunctionSize,
  type NamedSize,
  ORIGINALS,
  PRICE_CLASSES,
  RESIZERS,
  type Settings,
  type StateBucket,
  type StreamFunctionSize,
} from "./types";
import { fitTogether } from "./upload-suffixes";

const TABLE = /^[A-Za-z0-9_.-]{3,255}$/;
/** The European sovereign cloud's begin with four letters. */
const REGION = text(/^[a-z]{2,4}(-[a-z]+)+-\d+$/, "an AWS region such as eu-west-1");
const SUFFIX = /^\.[A-Za-z0-9.]{1,20}$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;
/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html */
const CERTIFICATE = /^arn:aws:acm:us-east-1:\d{12}:certificate\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** https://docs.aws.amazon.com/tag-editor/latest/userguide/tag-editor.html */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const MAX_TAGS = 50;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_MEMORY = 10_240;
const MAX_TIMEOUT = 900;
const MAX_CONCURRENCY = 1000;

/** Lambda would have photos wait for larger batches to fill: it asks for a batching window of a second or more. */
const MAX_BATCH_SIZE = 10;
/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
const MAX_PARALLELIZATION = 10;

/** CreateThumbnail holds five photos of up to 64 MB at once. */
const CREATE_THUMBNAIL_MEMORY = 512;
/** One attempt of a call to S3 or DynamoDB may take ten seconds; one more second to start. */
const SET_PROFILE_IMAGE_SECONDS = 21;

/** Room for a date, such as 20261124. */
const MAX_VERSION = 99_999_999;

const MAX_PIXELS = 4096;
const PIXELS = wholeNumber(1, MAX_PIXELS, "pixels");
const MAX_SIZES = 8;
const SIZE = { width: PIXELS, height: PIXELS, method: oneOf(RESIZE_METHODS) } satisfies Record<keyof Size, Rule>;

const isOrigin = (value: string): boolean =>
  URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && new URL(value).origin === value;

const areTags = (tags: Record<string, unknown>): boolean =>
  Object.keys(tags).length <= MAX_TAGS &&
  // IAM's roles take Team for team; S3 and DynamoDB would not.
  new Set(Object.keys(tags).map((key) => key.toLowerCase())).size === Object.keys(tags).length &&
  Object.entries(tags).every(
    ([key, value]) =>
      /^(?!aws:).{1,128}$/iu.test(key) &&
      TAG_TEXT.test(key) &&
      typeof value === "string" &&
      value.length <= 256 &&
      TAG_TEXT.test(value),
  );

const functionSize = (memory: Rule, timeout: Rule) => ({
  allowed: 'such as {"memorySize": 512, "timeout": 120}',
  fields: {
    memorySize: memory,
    timeout,
    reservedConcurrentExecutions: wholeNumber(1, MAX_CONCURRENCY, "instances at a time"),
  } satisfies Record<keyof FunctionSize, Rule>,
});

const streamFunctionSize = (memory: Rule, timeout: Rule): Group => {
  const { allowed, fields } = functionSize(memory, timeout);
  return {
    allowed,
    fields: {
      ...fields,
      batchSize: wholeNumber(1, MAX_BATCH_SIZE, "changes of profiles in one invocation"),
      parallelizationFactor: wholeNumber(1, MAX_PARALLELIZATION, "batches of one shard at a time"),
    } satisfies Record<keyof StreamFunctionSize, Rule>,
  };
};

export const RULES: Readonly<Record<keyof Settings, AnyRule>> = {
  region: REGION,
  // The names of buckets end in it.
  stage: textThat(
    (value) => /^[a-z]([a-z0-9-]{0,14}[a-z0-9])?$/.test(value) && mayEndNewBucket(`-${value}`),
    "1 to 16 lower-case letters, digits and hyphens, a letter first and no hyphen last, and no end that S3 keeps for itself (such as s3alias or an)",
  ),
  // No dots, which AWS allows: they break TLS on bucket.s3.amazonaws.com. The stage is added, and 63 is the end.
  bucketName: textThat(
    (value) => /^[a-z0-9][a-z0-9-]{1,44}[a-z0-9]$/.test(value) && !isReserved(value) && mayEndNewBucket(value),
    `3 to 46 lower-case letters, digits and hyphens, no hyphen first or last, and nothing that S3 keeps for itself (${[...RESERVED_PREFIXES.map((each) => `${each}…`), ...[...RESERVED_SUFFIXES, ACCOUNT_SUFFIX].map((each) => `…${each}`)].join(", ")})`,
  ),
  existingBucket: textThat(isBucketName, "the name of a bucket in the same account and region"),
  tableName: text(/^[A-Za-z0-9_.-]{3,200}$/, "3 to 200 letters, digits and _ . -"),
  existingTable: text(TABLE, "the name of a table in the same account and region"),
  profileId: oneOf(PROFILE_ID_TYPES),
  uploadSuffixes: list(
    (values) => values.length > 0 && values.every((value) => SUFFIX.test(value)) && fitTogether(values),
    'a list of suffixes such as [".jpg", ".png"], each a dot and then letters and digits, at most 33, and none the end of another (their upper and lower case are added)',
  ),
  uploadOrigins: list(
    (values) => values.length <= 100 && values.every(isOrigin),
    'a list of web origins such as ["https://www.example.com"], each a scheme, a host and perhaps a port',
  ),
  thumbnail: {
    allowed: 'such as {"width": 150, "height": 150, "method": "fit"}',
    fields: SIZE,
  },
  thumbnails: groups({
    allowed: `a list of 1 to ${MAX_SIZES} sizes with different names, such as [{"name": "card", "width": 150, "height": 150, "method": "fit", "format": "original"}]`,
    noun: "size",
    each: {
      // A folder of the bucket, and no number, as the folders of profiles mostly are.
      name: text(/^[a-z][a-z0-9-]{0,30}$/, "1 to 31 lower-case letters, digits and hyphens, a letter first"),
      ...SIZE,
      format: oneOf(THUMBNAIL_FORMATS),
    } satisfies Record<keyof NamedSize, Rule>,
    isValid: (sizes) =>
      sizes.length >= 1 && sizes.length <= MAX_SIZES && new Set(sizes.map(({ name }) => name)).size === sizes.length,
  }),
  resizer: oneOf(RESIZERS),
  keepPreviousThumbnails: yesOrNo,
  tinypngKeyVersion: wholeNumber(1, MAX_VERSION, "one's own choice, such as a date"),
  originalsRetentionDays: wholeNumber(1, 36_500, "days"),
  originals: oneOf(ORIGINALS),
  stripOriginals: yesOrNo,
  failuresRetentionDays: wholeNumber(1, 36_500, "days"),
  publicBucket: yesOrNo,
  delivery: oneOf(DELIVERIES),
  cloudfront: {
    allowed:
      'such as {"priceClass": "PriceClass_All", "domain": "faces.example.com", "certificateArn": "arn:aws:acm:…"}',
    fields: {
      priceClass: oneOf(PRICE_CLASSES),
      domain: textThat(
        (value) => value.length <= 253 && DOMAIN.test(value),
        "a domain name such as faces.example.com, in lower case",
      ),
      certificateArn: text(CERTIFICATE, "the ARN of a certificate of ACM in us-east-1, where CloudFront looks for it"),
    } satisfies Record<keyof CloudfrontSettings, Rule>,
  },
  events: yesOrNo,
  setProfileImage: functionSize(
    wholeNumber(128, MAX_MEMORY, "megabytes"),
    wholeNumber(SET_PROFILE_IMAGE_SECONDS, MAX_TIMEOUT, "seconds (its two calls may take ten each)"),
  ),
  createThumbnail: streamFunctionSize(
    wholeNumber(CREATE_THUMBNAIL_MEMORY, MAX_MEMORY, "megabytes (it holds five photos of up to 64 MB at once)"),
    wholeNumber(CREATE_THUMBNAIL_SECONDS, MAX_TIMEOUT, "seconds (resizing one photo may take 45 of them)"),
  ),
  logRetentionDays: oneOfNumbers(RETENTION_DAYS),
  alarmEmail: text(/^[^\s@"<>${}]+@[^\s@"<>${}]+\.[^\s@"<>${}]+$/, "an e-mail address"),
  tracing: yesOrNo,
  stateBackend: {
    allowed: '"local", or a bucket such as {"bucket": "our-terraform-states"}',
    word: "local",
    fields: {
      bucket: textThat(isBucketName, "the name of a bucket"),
      key: text(/^[A-Za-z0-9!_.*'()/-]{1,200}\.tfstate$/, "a key that ends in .tfstate"),
      region: REGION,
    } satisfies Record<keyof StateBucket, Rule>,
  },
  tags: map(
    areTags,
    `at most ${MAX_TAGS} tags such as {"team": "profiles"}, of letters, digits, spaces and _ . : / = + - @, names not starting with aws: and not differing in case alone`,
  ),
};
