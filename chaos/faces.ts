// Watches the faces of profiles during a run: a profile that had a thumbnail has one for good, and what it names is there.

import { GetItemCommand, paginateScan } from "@aws-sdk/client-dynamodb";
import { HeadObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { THUMBNAIL_PREFIX } from "../functions/lib/keys";
import { belongsTo } from "../functions/lib/metadata";
import { idIn } from "../functions/lib/profile-id";
import { THUMBNAIL_ATTRIBUTE, thumbnailIn } from "../functions/lib/profile-thumbnail";
import { hasStatus } from "../functions/lib/s3-status";
import type { Pipeline } from "../pipeline";

/** Of a call, beside the client's own. */
const TRIES = 10;

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
    const { Key, ExpressionAttributeValues: values } = JSON.parse(request.body);
    const profileId = idIn(Key) ?? "";
    if (erased.includes(profileId)) return;
    if (error === undefined) given.set(profileId, values[":thumbnail"].M.key.S);
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
    const named = thumbnailIn(await profile(id))?.key;
    if (named === undefined) return;
    if ((await metadataOf(named)) !== undefined) return;
    const isStill = thumbnailIn(await profile(id))?.key === named && (await metadataOf(named)) === undefined;
    if (isStill) seen.add(`profile ${id} names ${named}, which is not there`);
  }

  /** Whoever is not erased. */
  async function everybody(): Promise<{ id: string; key: string | undefined }[]> {
    const all: { id: string; key: string | undefined }[] = [];
    const input = { TableName: names.table, ConsistentRead: true };
    for await (const { Items = [] } of paginateScan({ client: dynamodb }, input)) {
      const people = Items.map((item) => ({ id: idIn(item) ?? "", key: thumbnailIn(item)?.key }));
      all.push(...people.filter(({ id }) => !erased.includes(id)));
    }
    return all;
  }

  async function lookFor(key: string): Promise<void> {
    for (const each of await persistently(everybody)) if (each.key === key) await look(each.id);
  }

  return {
    async faceless(takenKeys) {
      await looks;
      const now = new Set(seen);
      for (const { id, key } of await everybody()) {
        const metadata = key === undefined ? undefined : await metadataOf(key);
        if (key !== undefined && metadata === undefined) now.add(`profile ${id} names ${key}, which is not there`);
        if (key !== undefined && metadata !== undefined && !belongsTo(metadata, id)) {
          now.add(`profile ${id} names ${key}, which is another profile's`);
        }
        const last = given.get(id);
        if (key === undefined && last !== undefined && !takenKeys.has(last)) {
          now.add(`profile ${id} had ${last}, and names none`);
        }
      }
      return [...now];
    },
    async orphans() {
      const named = new Set((await everybody()).map(({ key }) => key));
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
