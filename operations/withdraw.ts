// Removes what a change has brought about when its profile no longer needs it: nothing else would.

import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { AttributeValue, DynamoDBRecord } from "aws-lambda";
import type { Deployment } from "./deployment";
import { invokeWith } from "./invoke";

/** What a profile's item holds, in the stream's records as in the table. */
type Item = Readonly<Record<string, AttributeValue>> | undefined;

/** A profile as it is now; undefined when there is none. */
export async function readProfile({ dynamodb, table, profileIds }: Deployment, profileId: string): Promise<Item> {
  const Key = profileIds.keyOf(profileId);
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item as Item;
}

/**
 * Lets CreateThumbnail remove the thumbnails that a profile had when it was so, but for those that it needs now: those
 * stay, since the function itself looks before it removes.
 * @returns why it could not, or undefined
 */
export async function withdraw(
  deployment: Deployment,
  record: DynamoDBRecord,
  item: Item,
): Promise<string | undefined> {
  const { NewImage: _NewImage, OldImage: _OldImage, ...rest } = record.dynamodb ?? {};
  const { thumbnail, ...unnamed } = item ?? {};
  // What it named, and what was made of its image and perhaps never named.
  for (const OldImage of [item, thumbnail && unnamed]) {
    if (OldImage === undefined) continue;
    const removal = { ...record, eventName: "REMOVE" as const, dynamodb: { ...rest, OldImage } };
    const why = await invokeWith(deployment, "CreateThumbnail", removal);
    if (why !== undefined) return why;
  }
  return undefined;
}
