// What a profile can show: the attribute `thumbnail` of its item. CreateThumbnail writes it once the thumbnail is stored,
// and it goes on naming the last one until there is another.

import type { Picture } from "./picture";

export const THUMBNAIL_ATTRIBUTE = "thumbnail";

/** A thumbnail in the bucket. */
export interface StoredPicture extends Picture {
  /** Under thumbnails/. */
  readonly key: string;
  readonly bytes: number;
}

/** The thumbnail in the first size, and all of them by their names. */
export interface ProfileThumbnail extends StoredPicture {
  /** Of the photo that it was made of, without quotes. */
  readonly imageETag: string;
  /** The `imageVersion` that the profile had; absent when somebody else than SetProfileImage wrote its image. */
  readonly imageVersion?: string;
  /** Each by the name of its size, also the first; absent without the setting `thumbnails`. */
  readonly sizes?: Readonly<Record<string, StoredPicture>>;
}

/** The attribute's value, as DynamoDB's items and the stream's records have it; never with other members than these. */
interface Value {
  readonly S?: string;
  readonly N?: string;
  readonly M?: Readonly<Record<string, Value>>;
}

/** The thumbnail that an item names; undefined when it names none. */
export function thumbnailIn(item: Readonly<Record<string, unknown>> | undefined): ProfileThumbnail | undefined {
  const value = item?.[THUMBNAIL_ATTRIBUTE] as Value | undefined;
  const { imageETag, imageVersion, sizes } = value?.M ?? {};
  const first = pictureIn(value);
  if (first === undefined) return undefined;
  return {
    ...first,
    imageETag: imageETag?.S ?? "",
    ...(imageVersion?.S !== undefined && { imageVersion: imageVersion.S }),
    ...(sizes?.M !== undefined && {
      sizes: Object.fromEntries(Object.entries(sizes.M).flatMap(([name, each]) => named(name, pictureIn(each)))),
    }),
  };
}

function pictureIn(value: Value | undefined): StoredPicture | undefined {
  const { key, width, height, bytes, type } = value?.M ?? {};
  if (key?.S === undefined) return undefined;
  return {
    key: key.S,
    width: Number(width?.N),
    height: Number(height?.N),
    bytes: Number(bytes?.N),
    type: type?.S ?? "",
  };
}

const named = <T>(name: string, value: T | undefined): [string, T][] => (value === undefined ? [] : [[name, value]]);

/** The keys of all thumbnails that an item names. */
export function thumbnailKeysIn(item: Readonly<Record<string, unknown>> | undefined): string[] {
  const thumbnail = thumbnailIn(item);
  if (thumbnail === undefined) return [];
  return [...new Set([thumbnail, ...Object.values(thumbnail.sizes ?? {})].map(({ key }) => key))];
}

/** The value to write. */
export const thumbnailValue = ({ imageETag, imageVersion, sizes, ...first }: ProfileThumbnail) => ({
  M: {
    ...pictureValue(first),
    imageETag: { S: imageETag },
    ...(imageVersion !== undefined && { imageVersion: { S: imageVersion } }),
    ...(sizes !== undefined && {
      sizes: {
        M: Object.fromEntries(Object.entries(sizes).map(([name, each]) => [name, { M: pictureValue(each) }])),
      },
    }),
  },
});

const pictureValue = ({ key, width, height, bytes, type }: StoredPicture) => ({
  key: { S: key },
  width: { N: String(width) },
  height: { N: String(height) },
  bytes: { N: String(bytes) },
  type: { S: type },
});
