// The table as CreateThumbnail uses it: what a profile can show is written with conditions, so that it is never another
// photo's than the profile's, and read before anything is removed.

import type { AttributeValue, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ConditionalCheckFailedException, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { thumbnailKeysOf } from "./keys";
import type { ProfileIds } from "./profile-id";
import type { ProfileImage } from "./profile-image";
import { type ProfileThumbnail, THUMBNAIL_ATTRIBUTE, thumbnailKeysIn, thumbnailValue } from "./profile-thumbnail";
import type { ThumbnailSizes } from "./thumbnail-sizes";

/** A profile's item; undefined when there is no such profile. */
export type Item = Readonly<Record<string, AttributeValue>> | undefined;

/** A condition, and the values that it compares with. */
interface Condition {
  readonly expression: string;
  readonly values?: Record<string, AttributeValue>;
  readonly names?: Record<string, string>;
}

export type Profiles = ReturnType<typeof createProfiles>;

/** Each call ends with an error when the signal is aborted. */
export function createProfiles(
  dynamodb: Pick<DynamoDBClient, "send">,
  tableName: string,
  ids: ProfileIds,
  sizes: ThumbnailSizes,
) {
  const keyOf = (profileId: string) => ({ TableName: tableName, Key: ids.keyOf(profileId) });

  /** @returns the item that did not meet the condition, or `true` */
  async function update(
    profileId: string,
    expression: string,
    condition: Condition,
    abortSignal: AbortSignal,
  ): Promise<true | Item> {
    const command = new UpdateItemCommand({
      ...keyOf(profileId),
      UpdateExpression: expression,
      ConditionExpression: condition.expression,
      ExpressionAttributeValues: condition.values,
      ExpressionAttributeNames: condition.names,
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    try {
      await dynamodb.send(command, { abortSignal });
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return error.Item;
      throw error;
    }
  }

  /** The profile's photo and thumbnail, as they are now. */
  async function read(profileId: string, abortSignal: AbortSignal): Promise<Item> {
    const input = {
      ...keyOf(profileId),
      ConsistentRead: true,
      ProjectionExpression: `image, imageVersion, ${THUMBNAIL_ATTRIBUTE}`,
    };
    return (await dynamodb.send(new GetItemCommand(input), { abortSignal })).Item;
  }

  return {
    /**
     * Has the profile name these thumbnails, if it still has the image that they were made for.
     * @returns true, or the profile as it is now
     */
    nameThumbnail(
      { profileId, key, version }: ProfileImage,
      thumbnail: ProfileThumbnail,
      abortSignal: AbortSignal,
    ): Promise<true | Item> {
      const isSameVersion = version === undefined ? "attribute_not_exists(imageVersion)" : "imageVersion = :version";
      const condition = {
        expression: `image = :image AND ${isSameVersion}`,
        values: {
          ":image": { S: key },
          ":thumbnail": thumbnailValue(thumbnail),
          ...(version !== undefined && { ":version": { S: version } }),
        },
      };
      return update(profileId, `SET ${THUMBNAIL_ATTRIBUTE} = :thumbnail`, condition, abortSignal);
    },

    /** Has the profile name no thumbnail any more, if its image is still this text, or still none. */
    async nameNone(profileId: string, image: string | undefined, abortSignal: AbortSignal): Promise<void> {
      const condition =
        image === undefined
          ? { expression: "attribute_exists(id) AND attribute_not_exists(image)" }
          : { expression: "image = :image", values: { ":image": { S: image } } };
      await update(profileId, `REMOVE ${THUMBNAIL_ATTRIBUTE}`, condition, abortSignal);
    },

    /** Has a profile no longer name its thumbnails, of which this is the first: another profile's are about to take their keys. */
    async giveUpThumbnail(profileId: string, thumbnailKey: string, abortSignal: AbortSignal): Promise<void> {
      const condition = {
        expression: `${THUMBNAIL_ATTRIBUTE}.#key = :key`,
        values: { ":key": { S: thumbnailKey } },
        names: { "#key": "key" },
      };
      await update(profileId, `REMOVE ${THUMBNAIL_ATTRIBUTE}`, condition, abortSignal);
    },

    read,

    /**
     * Whether the profile names the thumbnail under this key now, or is about to, since its image is that photo.
     * @param failed a photo that can have no thumbnail: whoever has this one is about to name nothing
     */
    async needs(
      profileId: string,
      thumbnailKey: string,
      abortSignal: AbortSignal,
      failed?: ProfileImage,
    ): Promise<boolean> {
      const item = await read(profileId, abortSignal);
      const named = thumbnailKeysIn(item);
      if (named.includes(thumbnailKey)) return true;
      if (!thumbnailKeysOf(item?.image?.S ?? "", sizes).includes(thumbnailKey)) return false;
      // Profiles of earlier releases name none, and show this one all the same.
      return failed === undefined || named.length === 0 || item?.imageVersion?.S !== failed.version;
    },
  };
}
