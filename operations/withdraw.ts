// Takes back what a replayed change has brought about, when the profile got another photo meanwhile: the stream has
// removed the old photo's thumbnail then, perhaps just before we made it, and nobody would remove it again.

import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { AttributeValue, DynamoDBRecord } from "aws-lambda";
import { profileIdOf } from "../functions/lib/profile-image";
import type { Deployment } from "./deployment";
import { invokeWith } from "./invoke";

/** What a profile's item holds, in the stream's records as in the table. */
type Image = Readonly<Record<string, AttributeValue>> | undefined;

/** A profile as it is now; undefined when there is none. */
export async function readProfile({ dynamodb, table }: Deployment, profileId: string): Promise<Image> {
  const Key = { id: { N: profileId } };
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item as Image;
}

/**
 * `kept`: the profile has the photo, so nothing was removed; `back`: it got the photo back while its thumbnail was being
 * removed, so that the thumbnail may be missing now.
 */
export type Withdrawn =
  | { readonly state: "withdrawn" | "kept" | "back" }
  | { readonly state: "failed"; readonly why: string };

/**
 * Lets CreateThumbnail remove the thumbnail of an image, unless the change's profile has it now.
 *
 * Whoever changes the profile before we look is seen, and whoever changes it afterwards has a record of the stream that
 * comes after everything that was made before.
 */
export async function withdraw(deployment: Deployment, record: DynamoDBRecord, image: Image): Promise<Withdrawn> {
  const profileId = profileIdOf(record);
  const hasIt = async () => (await readProfile(deployment, profileId))?.image?.S === image?.image?.S;
  if (image?.image?.S === undefined) return { state: "withdrawn" };
  if (await hasIt()) return { state: "kept" };
  const { NewImage: _NewImage, ...rest } = record.dynamodb ?? {};
  const removal = { ...record, eventName: "REMOVE" as const, dynamodb: { ...rest, OldImage: { ...image } } };
  const why = await invokeWith(deployment, "CreateThumbnail", removal);
  if (why !== undefined) return { state: "failed", why };
  return { state: (await hasIt()) ? "back" : "withdrawn" };
}
