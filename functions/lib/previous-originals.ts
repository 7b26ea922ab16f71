// With the setting `originals: "current"` a photo that its profile no longer has goes, and of a deleted profile every one:
// but not before another face is there to show, and never another profile's. Old versions go by the bucket's lifecycle.

import type { DynamoDBRecord } from "aws-lambda";
import type { ImagesBucket } from "./images-bucket";
import { ORIGINAL_PREFIX, originalKeyOf } from "./keys";
import { profileIdOf } from "./profile-image";
import { thumbnailIn } from "./profile-thumbnail";
import type { Item, Profiles } from "./profiles";

interface Original {
  readonly key: string;
  /** Without quotes; undefined where nobody has written it down. */
  readonly eTag: string | undefined;
}

type StreamItem = NonNullable<DynamoDBRecord["dynamodb"]>["OldImage"];

/** The photos that a profile has, and shows the thumbnail of. */
function originalsIn(item: StreamItem | Item): Original[] {
  const { image, imageETag } = item ?? {};
  const named = thumbnailIn(item);
  return [
    ...(image?.S?.startsWith(ORIGINAL_PREFIX) ? [{ key: image.S, eTag: imageETag?.S }] : []),
    ...(named === undefined ? [] : [{ key: originalKeyOf(named.key), eTag: named.imageETag }]),
  ];
}

/** What a profile had before a change, and has no longer. */
export function originalsLeftBy({ dynamodb }: DynamoDBRecord): Original[] {
  const kept = new Set(originalsIn(dynamodb?.NewImage).map(({ key }) => key));
  const left = originalsIn(dynamodb?.OldImage).filter(({ key }) => !kept.has(key));
  return left.filter(({ key }, index) => left.findIndex((other) => other.key === key) === index);
}

/** Makes the function that removes what a record leaves behind; it gives the keys of what has gone. */
export function createOriginalsRemoval(images: ImagesBucket, profiles: Profiles) {
  return async (record: DynamoDBRecord, signal: AbortSignal): Promise<string[]> => {
    const profileId = profileIdOf(record);
    const removed: string[] = [];
    for (const { key, eTag } of originalsLeftBy(record)) {
      const isNeeded = async () => originalsIn(await profiles.read(profileId, signal)).some((each) => each.key === key);
      if (await images.removeOriginal({ profileId, key, eTag }, isNeeded, signal)) removed.push(key);
    }
    return removed;
  };
}
