// What a profile can show: the attribute `thumbnail` of its item. CreateThumbnail writes it once the thumbnail is stored,
// and it goes on naming the last one until there is another.

import type { Picture } from "./picture";

export const THUMBNAIL_ATTRIBUTE = "thumbnail";

export interface ProfileThumbnail extends Picture {
  /** Under thumbnails/. */
  readonly key: string;
  readonly bytes: number;
  /** Of the photo that it was made of, without quotes. */
  readonly imageETag: string;
  /** The `imageVersion` that the profile had; absent when somebody else than SetProfileImage wrote its image. */
  readonly imageVersion?: string;
}

/** The attribute's value, as DynamoDB's items and the stream's records have it; never with other members than these. */
interface Value {
  readonly S?: string;
  readonly N?: string;
  readonly M?: Readonly<Record<string, Value>>;
}

/** The thumbnail that an item names; undefined when it names none. */
export function thumbnailIn(item: Readonly<Record<string, unknown>> | undefined): ProfileThumbnail | undefined {
  const { key, width, height, bytes, type, imageETag, imageVersion } =
    (item?.[THUMBNAIL_ATTRIBUTE] as Value | undefined)?.M ?? {};
  if (key?.S === undefined) return undefined;
  return {
    key: key.S,
    width: Number(width?.N),
    height: Number(height?.N),
    bytes: Number(bytes?.N),
    type: type?.S ?? "",
    imageETag: imageETag?.S ?? "",
    ...(imageVersion?.S !== undefined && { imageVersion: imageVersion.S }),
  };
}

/** The value to write. */
export const thumbnailValue = ({ key, width, height, bytes, type, imageETag, imageVersion }: ProfileThumbnail) => ({
  M: {
    key: { S: key },
    width: { N: String(width) },
    height: { N: String(height) },
    bytes: { N: String(bytes) },
    type: { S: type },
    imageETag: { S: imageETag },
    ...(imageVersion !== undefined && { imageVersion: { S: imageVersion } }),
  },
});
