// The profiles of the table, with what their thumbnails are: read once, and afterwards only those that changed.

import { setTimeout as sleep } from "node:timers/promises";
import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { THUMBNAIL_PREFIX, thumbnailKeyOf } from "../functions/lib/keys";
import { idIn, type ProfileIds } from "../functions/lib/profile-id";
import { thumbnailIn } from "../functions/lib/profile-thumbnail";
import type { Activity, ActivityStream } from "../local/activity";
import type { Page, Photo, Profile } from "./types";

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const BATCH_LIMIT = 100;

/** Changes that come close together are read together. */
const GATHER_MS = 20;

/** A profile as the table holds it. */
type Stored = Omit<Profile, "thumbnailVersion" | "photo">;

export interface ProfilesOptions {
  readonly activity: Pick<ActivityStream, "subscribe">;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly table: string;
  readonly profileIds: ProfileIds;
  readonly bucket: string;
  /** The photo of a profile to which something happened last. */
  readonly latestPhotoOf: (profileId: string) => Photo | undefined;
  readonly onBug: (error: unknown) => void;
}

/** What has changed since the last time. */
export interface ProfileChange {
  readonly changed: readonly Profile[];
  /** Whether some came or went, so that the order is another one. */
  readonly isReordered: boolean;
}

export interface Profiles {
  /** By number; with a text, only those whose number, name or nick holds it. */
  page(offset: number, limit: number, text?: string): Page<Profile>;
  get(id: string): Profile | undefined;
  /** Resolves when everything that had changed before has been read. */
  settle(): Promise<void>;
  onChange(listener: (change: ProfileChange) => void): void;
  close(): void;
}

/** Reads all profiles. */
export async function createProfiles(options: ProfilesOptions): Promise<Profiles> {
  const { activity, dynamodb, s3, table, profileIds, bucket, latestPhotoOf, onBug } = options;
  const profiles = new Map<string, Stored>();
  /** Version of each thumbnail by its key. */
  const thumbnails = new Map<string, string>();
  const listeners: ((change: ProfileChange) => void)[] = [];
  let dirtyProfiles = new Set<string>();
  let dirtyThumbnails = new Set<string>();
  let sorted: string[] | undefined;
  let reading: Promise<void> | undefined;
  let isClosed = false;

  function on({ service, action, resource = "", detail, requestId = "", error }: Activity): void {
    if (service === "dynamodb" && action === "StreamAppend" && resource.includes(`:table/${table}/`)) {
      const keys = Array.isArray(detail?.keys) ? detail.keys : [];
      for (const key of keys) dirtyProfiles.add(idIn(key) ?? "");
    } else if (
      service === "s3" &&
      error === undefined &&
      resource.startsWith(`arn:aws:s3:::${bucket}/${THUMBNAIL_PREFIX}`)
    ) {
      const key = resource.slice(`arn:aws:s3:::${bucket}/`.length);
      if (action === "DeleteObject") thumbnails.delete(key);
      else if (action === "PutObject" || action === "CopyObject") thumbnails.set(key, requestId);
      else return;
      dirtyThumbnails.add(key);
    } else return;
    reading ??= readChanges().finally(() => {
      reading = undefined;
    });
    reading.catch(onBug);
  }

  /** Reads what has changed until nothing has. */
  async function readChanges(): Promise<void> {
    while (!isClosed && dirtyProfiles.size + dirtyThumbnails.size > 0) {
      await sleep(GATHER_MS);
      const ids = [...dirtyProfiles];
      const keys = dirtyThumbnails;
      dirtyProfiles = new Set();
      dirtyThumbnails = new Set();
      const before = ids.map((id) => profiles.has(id));
      if (!isClosed) await read(ids);
      const isReordered = ids.some((id, index) => profiles.has(id) !== before[index]);
      if (isReordered) sorted = undefined;
      const hasNewThumbnail = ({ thumbnailKey }: Stored) => thumbnailKey !== undefined && keys.has(thumbnailKey);
      const concerned = keys.size === 0 ? [] : [...profiles.values()].filter(hasNewThumbnail).map(({ id }) => id);
      const changed = [...new Set([...ids, ...concerned])].flatMap((id) => profiles.get(id) ?? []).map(withPictures);
      for (const listener of listeners) listener({ changed, isReordered });
    }
  }

  const withPictures = (profile: Stored): Profile => {
    const thumbnailVersion = profile.thumbnailKey && thumbnails.get(profile.thumbnailKey);
    return { ...profile, thumbnailVersion, photo: latestPhotoOf(profile.id) };
  };

  function put(item: Record<string, AttributeValue>): void {
    const profile = profileOf(item);
    profiles.set(profile.id, profile);
  }

  async function read(ids: readonly string[]): Promise<void> {
    for (let start = 0; start < ids.length; start += BATCH_LIMIT) {
      const some = ids.slice(start, start + BATCH_LIMIT);
      const Keys = some.map(profileIds.keyOf);
      const { Responses } = await dynamodb.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys } } }));
      const items = Responses?.[table] ?? [];
      for (const item of items) put(item);
      const there = new Set(items.map(idIn));
      for (const id of some) if (!there.has(id)) profiles.delete(id);
    }
  }

  const unsubscribe = activity.subscribe(on);
  for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: table })) Items.forEach(put);
  const listing = paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: THUMBNAIL_PREFIX });
  for await (const { Contents = [] } of listing) {
    for (const { Key = "", ETag = "" } of Contents) thumbnails.set(Key, ETag.replaceAll('"', ""));
  }

  function inOrder(): string[] {
    sorted ??= [...profiles.keys()].sort(profileIds.compare);
    return sorted;
  }

  return {
    page(offset, limit, text = "") {
      const wanted = text.trim().toLowerCase();
      const holds = (id: string) => {
        const { name = "", nick = "" } = profiles.get(id) ?? {};
        return id === wanted || `${name}\n${nick}`.toLowerCase().includes(wanted);
      };
      const all = wanted === "" ? inOrder() : inOrder().filter(holds);
      const items = all
        .slice(offset, offset + limit)
        .flatMap((id) => profiles.get(id) ?? [])
        .map(withPictures);
      return { items, offset, total: all.length };
    },
    get(id) {
      const profile = profiles.get(id);
      return profile && withPictures(profile);
    },
    settle: () => reading ?? Promise.resolve(),
    onChange: (listener) => void listeners.push(listener),
    close() {
      isClosed = true;
      unsubscribe();
    },
  };
}

/** Of a profile that names no thumbnail, as those of earlier releases, it is the one of its image, if that is there. */
function profileOf(item: Record<string, AttributeValue>): Stored {
  const { id, name, nick, image, imageVersion } = item;
  const { key, width, height, bytes, sizes = {} } = thumbnailIn(item) ?? {};
  const others = Object.entries(sizes).filter(([, each]) => each.key !== key);
  return {
    id: idIn({ id }) ?? "",
    name: name?.S ?? "",
    nick: nick?.S ?? "",
    image: image?.S,
    imageVersion: imageVersion?.S ?? image?.S,
    thumbnailKey: key ?? (image?.S && thumbnailKeyOf(image.S)),
    ...(width !== undefined && height !== undefined && bytes !== undefined && { thumbnail: { width, height, bytes } }),
    ...(others.length > 0 && {
      moreThumbnails: others.map(([name, size]) => ({
        name,
        width: size.width,
        height: size.height,
        bytes: size.bytes,
      })),
    }),
  };
}
