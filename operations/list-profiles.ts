// The profiles with their photos, and what there is of each one's thumbnail.

import { type AttributeValue, ScanCommand } from "@aws-sdk/client-dynamodb";
import { ORIGINAL_PREFIX } from "../functions/lib/keys";
import { idIn } from "../functions/lib/profile-id";
import type { Deployment } from "./deployment";
import { inParallel } from "./in-parallel";
import { type ThumbnailState, thumbnailState } from "./thumbnail-state";

export interface ListedProfile {
  readonly id: string;
  readonly name: string | null;
  readonly nick: string | null;
  readonly image: string | null;
  /** Null without a photo. */
  readonly thumbnail: ThumbnailState | "image is not a string" | `not under ${typeof ORIGINAL_PREFIX}` | null;
}

export interface ListOptions {
  readonly maxItems: number;
  /** Of an earlier list, which this one goes on with. */
  readonly startingToken?: string;
  onProgress(count: number, total: number): void;
}

/** Profiles whose photos are looked at at a time. */
const CONCURRENCY = 10;

/** Lists profiles by their ids, some at a time in the table's own order; there are more where it gives a token. */
export async function listProfiles(
  deployment: Deployment,
  { maxItems, startingToken, onProgress }: ListOptions,
): Promise<{ profiles: ListedProfile[]; nextToken?: string }> {
  const { items, nextToken } = await scan(deployment, maxItems, startingToken);
  const profiles: ListedProfile[] = [];
  await inParallel(items, CONCURRENCY, async (item) => {
    const { id, name, nick, image } = item;
    profiles.push({
      id: idIn({ id }) ?? "",
      name: name?.S ?? null,
      nick: nick?.S ?? null,
      image: image?.S ?? null,
      thumbnail: image === undefined ? null : await stateOf(deployment, item, image),
    });
    onProgress(profiles.length, items.length);
  });
  profiles.sort((one, other) => deployment.profileIds.compare(one.id, other.id));
  return { profiles, ...(nextToken !== undefined && { nextToken }) };
}

type Item = Readonly<Record<string, AttributeValue>>;

/** The token is the id of the last profile. */
async function scan({ dynamodb, table, profileIds }: Deployment, maxItems: number, startingToken: string | undefined) {
  const items: Item[] = [];
  let lastKey: Item | undefined = startingToken === undefined ? undefined : profileIds.keyOf(startingToken);
  do {
    const command: ScanCommand = new ScanCommand({
      TableName: table,
      Limit: maxItems - items.length,
      ExclusiveStartKey: lastKey,
    });
    const { Items = [], LastEvaluatedKey } = await dynamodb.send(command);
    items.push(...Items);
    lastKey = LastEvaluatedKey;
  } while (lastKey !== undefined && items.length < maxItems);
  return { items, nextToken: idIn(lastKey) };
}

/** Anybody may write into the table: what is not a photo of ours is named as what it is. */
async function stateOf(deployment: Deployment, item: Item, { S: key }: AttributeValue) {
  if (key === undefined) return "image is not a string";
  if (!key.startsWith(ORIGINAL_PREFIX)) return `not under ${ORIGINAL_PREFIX}` as const;
  return thumbnailState(deployment, idIn(item) ?? "", key, item);
}
