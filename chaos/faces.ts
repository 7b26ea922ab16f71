// Watches the faces of profiles during a run: a profile that had a thumbnail has one for good, and what it names is there.

import { GetItemCommand, paginateScan } from "@aws-sdk/client-dynamodb";
import { HeadObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { THUMBNAIL_PREFIX } from "../functions/lib/keys";
import { belongsTo } from "../functions/lib/metadata";
import { idIn } from "../functions/lib/profile-id";
import { THUMBNAIL_ATTRIBUTE, thumbnailKeysIn } from "../functions/lib/profile-thumbnail";
import { hasStatus } from "../functions/lib/s3-status";
import type { Pipeline } from "../pipeline";

/** Of a call, beside the client's own. */
const TRIES = 10;

/** In the JSON of an update. */
const KEY = /"Key":(\{"id":\{.*?\}\})/;
const THUMBNAIL_KEY = /":thumbnail":\{"M":\{"key":\{"S":("(?:[^"\\]|\\.)*")/;

export interface Faces {
  /**
   * Looks at every profile when the pipeline is idle.
   * @param takenKeys thumbnails' keys that photos of several profiles were uploaded to: whoever came last has it
   * @returns in words what a profile lost, so far and now
   */
  faceless(takenKeys: ReadonlySet<string>): Promise<string[]>;
  /** The thumbnails that no profile names. */
  orphans(): Promise<string[]>;
}

/**
 * Begins to watch.
 * @param erased people who shall lose theirs
 */
export function watchFaces({ aws, s3, dynamodb, names, profileIds }: Pipeline, erased: readonly string[]): Faces {
  /** The last thumbnail that each profile was given. */
  const given = new Map<string, string>();
  const seen = new Set<string>();
  let looks: Promise<void> = Promise.resolve();
  const then = (next: () => Promise<void>) => {
    looks = looks.then(next);
    // An error is reported when the result is asked for; nobody asks after a run that was stopped.
    looks.catch(() => {});
  };

  aws.activity.subscribe(({ service, action, resource = "", request, error }) => {
    // A call that was cut may have been done all the same.
    const key = resource.slice(resource.indexOf(`/${THUMBNAIL_PREFIX}`) + 1);
    if (service === "s3" && action === "DeleteObject" && key.startsWith(THUMBNAIL_PREFIX)) {
      then(() => lookFor(key));
    }
    if (service !== "dynamodb" || action !== "UpdateItem" || !request?.body?.includes(`SET ${THUMBNAIL_ATTRIBUTE}`)) {
      return;
    }
    // Of a long body only the beginning is told, which has both.
    const profileId = idIn(JSON.parse(KEY.exec(request.body)?.[1] ?? "{}")) ?? "";
    if (erased.includes(profileId)) return;
    const thumbnailKey = THUMBNAIL_KEY.exec(request.body)?.[1];
    if (error === undefined && thumbnailKey !== undefined) given.set(profileId, JSON.parse(thumbnailKey));
    then(() => look(profileId));
  });

  async function profile(id: string) {
    const input = { TableName: names.table, Key: profileIds.keyOf(id), ConsistentRead: true };
    return (await persistently(() => dynamodb.send(new GetItemCommand(input)))).Item;
  }

  /** Whose the thumbnail is; undefined when it is not there. */
  const metadataOf = (Key: string) =>
    persistently(async () => {
      try {
        return (await s3.send(new HeadObjectCommand({ Bucket: names.bucket, Key }))).Metadata ?? {};
      } catch (error) {
        if (hasStatus(error, 404)) return undefined;
        throw error;
      }
    });

  /** What a profile names must be there, unless it names something else by now. */
  async function look(id: string): Promise<void> {
    for (const named of thumbnailKeysIn(await profile(id))) {
      if ((await metadataOf(named)) !== undefined) continue;
      const isStill = thumbnailKeysIn(await profile(id)).includes(named) && (await metadataOf(named)) === undefined;
      if (isStill) seen.add(`profile ${id} names ${named}, which is not there`);
    }
  }

  /** Whoever is not erased. */
  async function everybody(): Promise<{ id: string; keys: string[] }[]> {
    const all: { id: string; keys: string[] }[] = [];
    const input = { TableName: names.table, ConsistentRead: true };
    for await (const { Items = [] } of paginateScan({ client: dynamodb }, input)) {
      const people = Items.map((item) => ({ id: idIn(item) ?? "", keys: thumbnailKeysIn(item) }));
      all.push(...people.filter(({ id }) => !erased.includes(id)));
    }
    return all;
  }

  async function lookFor(key: string): Promise<void> {
    for (const each of await persistently(everybody)) if (each.keys.includes(key)) await look(each.id);
  }

  return {
    async faceless(takenKeys) {
      await looks;
      const now = new Set(seen);
      for (const { id, keys } of await everybody()) {
        for (const key of keys) {
          const metadata = await metadataOf(key);
          if (metadata === undefined) now.add(`profile ${id} names ${key}, which is not there`);
          else if (!belongsTo(metadata, id)) now.add(`profile ${id} names ${key}, which is another profile's`);
        }
        const last = given.get(id);
        if (keys.length === 0 && last !== undefined && !takenKeys.has(last)) {
          now.add(`profile ${id} had ${last}, and names none`);
        }
      }
      return [...now];
    },
    async orphans() {
      const named = new Set((await everybody()).flatMap(({ keys }) => keys));
      const orphans: string[] = [];
      const input = { Bucket: names.bucket, Prefix: THUMBNAIL_PREFIX };
      for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, input)) {
        orphans.push(...Contents.map(({ Key = "" }) => Key).filter((key) => !named.has(key)));
      }
      return orphans;
    },
  };
}

/** Faults hit our own calls as well. */
async function persistently<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}
