// How many photos a second the pipeline takes, limit by limit, and which setting lifts each. bench/capacity.ts holds it to
// what the pipeline really does.

import type { Settings } from "../stack/settings";
import type { Resizer } from "../stack/settings/types";
import { CREATE_THUMBNAIL, SET_PROFILE_IMAGE, secondsOf } from "./times";

export interface Limit {
  readonly limit: string;
  readonly photosPerSecond: number;
  readonly lifted: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html */
const S3_WRITES = 3500;
/** Of an account that is not new; one that is has 10. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ACCOUNT_CONCURRENCY = 1000;
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
const PARTITION_WRITES = 1000;
/**
 * Of a new table that is paid by request: it takes 4,000 writes a second from the start, and its stream has a shard for each
 * partition. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
 */
const PARTITIONS = 4;
const WRITES_PER_PHOTO = 2;

/** The limits in the order in which a photo meets them. */
export function limitsOf({ setProfileImage, createThumbnail }: Settings, resizer: Resizer): readonly Limit[] {
  const { batchSize, memorySize, parallelizationFactor = 1, reservedConcurrentExecutions } = createThumbnail;
  const reserved = setProfileImage.reservedConcurrentExecutions;
  // What one has reserved, the other one has not.
  const placesOfSet = reserved ?? ACCOUNT_CONCURRENCY - (reservedConcurrentExecutions ?? 0);
  const placesOfCreate = reservedConcurrentExecutions ?? ACCOUNT_CONCURRENCY - (reserved ?? 0);
  const secondsOfSet = secondsOf(SET_PROFILE_IMAGE, setProfileImage.memorySize);
  const secondsOfBatch = secondsOf(CREATE_THUMBNAIL[resizer], memorySize, batchSize);
  const photosPerPlace = batchSize / secondsOfBatch;
  const batches = PARTITIONS * parallelizationFactor;
  return [
    {
      limit: `S3: ${S3_WRITES.toLocaleString("en")} PUTs a second under one prefix`,
      photosPerSecond: S3_WRITES,
      lifted: "more prefixes under `original/`, which S3 finds by itself",
    },
    {
      limit: `SetProfileImage: ${placesOfSet.toLocaleString("en")} at a time, ${shown(secondsOfSet)} s each`,
      photosPerSecond: placesOfSet / secondsOfSet,
      lifted: "`setProfileImage.reservedConcurrentExecutions`, the account's quota",
    },
    {
      limit: `DynamoDB: ${PARTITIONS} partitions of ${PARTITION_WRITES.toLocaleString("en")} writes, ${WRITES_PER_PHOTO} for a photo`,
      photosPerSecond: (PARTITIONS * PARTITION_WRITES) / WRITES_PER_PHOTO,
      lifted: "DynamoDB splits partitions as traffic grows",
    },
    {
      limit: `stream: ${PARTITIONS} shards × ${parallelizationFactor} at a time × ${batchSize} photos in ${shown(secondsOfBatch)} s`,
      photosPerSecond: batches * photosPerPlace,
      lifted: "`createThumbnail.parallelizationFactor`, up to 10; `createThumbnail.memorySize`",
    },
    {
      limit: `CreateThumbnail: ${placesOfCreate.toLocaleString("en")} at a time × ${batchSize} photos in ${shown(secondsOfBatch)} s`,
      photosPerSecond: placesOfCreate * photosPerPlace,
      lifted: "`createThumbnail.reservedConcurrentExecutions`, the account's quota",
    },
  ];
}

/** The limit that is met first. */
export const lowest = (limits: readonly Limit[]): Limit =>
  limits.reduce((one, other) => (other.photosPerSecond < one.photosPerSecond ? other : one));

const shown = (seconds: number): string => seconds.toFixed(seconds < 1 ? 2 : 1);
