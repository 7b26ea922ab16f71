// The settings, as the stack reads them. docs/settings.md explains each to users; rules.ts has what is allowed.

import type { ProfileIdType } from "../../functions/lib/profile-id";
import type { FormattedSize, Size } from "../../functions/lib/size";

/** What Lambda gives a function. */
export interface FunctionSize {
  /** Megabytes; CPU grows with it, one whole core at 1769. */
  readonly memorySize: number;
  /** Seconds. */
  readonly timeout: number;
  /** Instances at a time, taken from the account's. @default - as many as the account has left */
  readonly reservedConcurrentExecutions?: number;
}

/** The same of a function that a stream calls. */
export interface StreamFunctionSize extends FunctionSize {
  /** Changes of profiles in one invocation, at most. */
  readonly batchSize: number;
  /** Batches of one shard of the stream at a time. @default - Lambda's, 1 */
  readonly parallelizationFactor?: number;
}

/** A bucket for Terraform's state. */
export interface StateBucket {
  readonly bucket: string;
  /** The stage is added before `.tfstate`. @default profile-image.tfstate */
  readonly key?: string;
  /** @default - the stack's */
  readonly region?: string;
}

/** What there is to say of delivery by CloudFront. */
export interface CloudfrontSettings {
  /** Where it has edge locations: the more, the dearer. @default PriceClass_100 */
  readonly priceClass: (typeof PRICE_CLASSES)[number];
  /** A domain of one's own, whose DNS record then points at the distribution. @default - CloudFront's */
  readonly domain?: string;
  /** Of that domain, in us-east-1, where CloudFront looks for it. */
  readonly certificateArn?: string;
}

/** North America and Europe; these with Asia, Africa and the Middle East; everywhere. */
export const PRICE_CLASSES = ["PriceClass_100", "PriceClass_200", "PriceClass_All"] as const;

export const ORIGINALS = ["keep", "current"] as const;

export const DELIVERIES = ["none", "cloudfront"] as const;

/** Who resizes photos: TinyPNG, or the function itself, so that none leaves the account. */
export const RESIZERS = ["tinypng", "account"] as const;
export type Resizer = (typeof RESIZERS)[number];

/** One of several sizes of thumbnails. */
export interface NamedSize extends FormattedSize {
  /** Of its folder under thumbnails/, unless it is the first, and in the profile. */
  readonly name: string;
}

export interface Settings {
  /** @default eu-west-1 */
  readonly region: string;
  /** Added to all names as `-<stage>`, so that several stages fit into one account. @default - none */
  readonly stage?: string;
  /** Name of the images bucket. @default user-profile-images-<account id> */
  readonly bucketName?: string;
  /** Name of a bucket that is there already, used instead of a new one. @default - a new one */
  readonly existingBucket?: string;
  /** @default user-profile */
  readonly tableName: string;
  /** Name of a table that is there already, with a stream, used instead of a new one. @default - a new one */
  readonly existingTable?: string;
  /** What the profiles' keys are. @default number */
  readonly profileId: ProfileIdType;
  /** Ends of the keys under original/ that start the pipeline, each in its usual cases. @default .jpg .jpeg .png .webp */
  readonly uploadSuffixes: readonly string[];
  /** Origins of web pages that may upload from a browser. @default - none */
  readonly uploadOrigins: readonly string[];
  /** @default fit 150×150 */
  readonly thumbnail: Size;
  /** Several, the first of which is `thumbnail` then. @default - that one */
  readonly thumbnails?: readonly NamedSize[];
  /** @default tinypng */
  readonly resizer: Resizer;
  /** Keeps the thumbnails of photos that their profile no longer has. @default false */
  readonly keepPreviousThumbnails: boolean;
  /** To be changed, to any other number, whenever a new TinyPNG key is to be written. @default 1 */
  readonly tinypngKeyVersion: number;
  /** Days after which a photo under original/ is removed. @default - kept */
  readonly originalsRetentionDays?: number;
  /** Whether photos that their profile no longer has are kept, or removed. @default keep */
  readonly originals: (typeof ORIGINALS)[number];
  /** Whether photos under original/ lose the place where they were taken. @default false */
  readonly stripOriginals: boolean;
  /** Days after which a failure record is removed, replayed or not. @default - kept */
  readonly failuresRetentionDays?: number;
  /** Opens the images bucket to everyone, as the article does. @default false */
  readonly publicBucket: boolean;
  /** How browsers get thumbnails: by presigned URLs of the private bucket, or by CloudFront as well. @default none */
  readonly delivery: (typeof DELIVERIES)[number];
  readonly cloudfront: CloudfrontSettings;
  /** Sends an event to the account's event bus when a photo is ready, and when one failed. @default false */
  readonly events: boolean;
  readonly setProfileImage: FunctionSize;
  readonly createThumbnail: StreamFunctionSize;
  /** @default 30 */
  readonly logRetentionDays: number;
  /** Gets the alarms; without it there are none. @default - none */
  readonly alarmEmail?: string;
  /** Traces the functions with X-Ray. @default false */
  readonly tracing: boolean;
  /** @default local: a file in the project's folder */
  readonly stateBackend: "local" | StateBucket;
  /** On everything that takes tags. @default - none */
  readonly tags: Readonly<Record<string, string>>;
}
