// All that the images bucket holds, current or not, key by key, and whose each version says it is. There is no index of
// that: each version is asked for its metadata, some at a time.

import {
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
} from "@aws-sdk/client-s3";
import { ORIGINAL_PREFIX, THUMBNAIL_PREFIX } from "../../functions/lib/keys";
import { PROFILE_ID, STRIPPED_FROM } from "../../functions/lib/metadata";
import { hasStatus } from "../../functions/lib/s3-status";
import type { Deployment } from "../deployment";
import { inParallel } from "../in-parallel";

/** A version of an object, or a delete marker. */
export interface StoredVersion {
  readonly key: string;
  /** `null` in a bucket without versioning. */
  readonly versionId: string;
  /** With quotes; undefined for a delete marker. */
  readonly eTag: string | undefined;
  readonly isLatest: boolean;
  readonly at: Date;
  readonly bytes: number;
  /** What its metadata says, whatever that is. */
  readonly profileId: string | undefined;
  /** The ETag, without quotes, of the upload that it is without its place: see the setting `stripOriginals`. */
  readonly strippedFrom?: string | undefined;
}

/** Versions whose metadata is asked for at a time. */
const CONCURRENCY = 20;

export const isMarker = ({ eTag }: StoredVersion): boolean => eTag === undefined;

/** The versions and delete markers of each key, the newest first, page by page. */
export async function* storedVersions(deployment: Deployment, stop: AbortSignal): AsyncGenerator<StoredVersion[][]> {
  for (const prefix of [ORIGINAL_PREFIX, THUMBNAIL_PREFIX]) yield* versionsUnder(deployment, prefix, stop);
}

async function* versionsUnder(deployment: Deployment, Prefix: string, stop: AbortSignal) {
  let rest: StoredVersion[] = [];
  let [KeyMarker, VersionIdMarker]: (string | undefined)[] = [];
  let isMore = true;
  while (isMore) {
    stop.throwIfAborted();
    const input = { Bucket: deployment.bucket, Prefix, KeyMarker, VersionIdMarker };
    const page: ListObjectVersionsCommandOutput = await deployment.s3.send(new ListObjectVersionsCommand(input));
    const groups = byKey([...rest, ...(await withOwners(deployment, listed(page), stop))]);
    isMore = page.IsTruncated ?? false;
    // The versions of a key may go on with the next page.
    rest = isMore ? (groups.pop() ?? []) : [];
    yield groups;
    [KeyMarker, VersionIdMarker] = [page.NextKeyMarker, page.NextVersionIdMarker];
  }
}

function listed({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput): StoredVersion[] {
  const common = ({ Key = "", VersionId = "", IsLatest = false, LastModified = new Date(0) }: Listed) => ({
    ...{ key: Key, versionId: VersionId, isLatest: IsLatest, at: LastModified, profileId: undefined },
  });
  return [
    ...Versions.map((each) => ({ ...common(each), eTag: each.ETag, bytes: each.Size ?? 0 })),
    ...DeleteMarkers.map((each) => ({ ...common(each), eTag: undefined, bytes: 0 })),
  ];
}

type Listed = Pick<ObjectVersion, "Key" | "VersionId" | "IsLatest" | "LastModified">;

function byKey(versions: readonly StoredVersion[]): StoredVersion[][] {
  const groups = new Map<string, StoredVersion[]>();
  for (const version of versions) groups.set(version.key, [...(groups.get(version.key) ?? []), version]);
  return [...groups.entries()]
    .sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
    .map(([, group]) => group.sort(newestFirst));
}

/** S3 lists versions and markers apart; of one second, the current one is the newest. */
const newestFirst = (one: StoredVersion, other: StoredVersion): number =>
  Number(other.isLatest) - Number(one.isLatest) || other.at.getTime() - one.at.getTime();

async function withOwners(
  deployment: Deployment,
  versions: readonly StoredVersion[],
  stop: AbortSignal,
): Promise<StoredVersion[]> {
  const known = new Map<StoredVersion, StoredVersion>();
  await inParallel(versions, CONCURRENCY, async (version) => {
    stop.throwIfAborted();
    const owned = isMarker(version) ? version : await withOwner(deployment, version);
    if (owned !== undefined) known.set(version, owned);
  });
  return versions.flatMap((version) => known.get(version) ?? []);
}

/** Undefined when it has gone meanwhile. */
async function withOwner({ s3, bucket }: Deployment, version: StoredVersion): Promise<StoredVersion | undefined> {
  try {
    const input = { Bucket: bucket, Key: version.key, VersionId: version.versionId };
    const { Metadata = {} } = await s3.send(new HeadObjectCommand(input));
    return { ...version, profileId: Metadata[PROFILE_ID], strippedFrom: Metadata[STRIPPED_FROM] };
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}
