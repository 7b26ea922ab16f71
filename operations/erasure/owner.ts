// Whose a stored version is: as its metadata says; where that says nothing that could be a profile's id, as the profiles'
// items name its key; and in the end as its key says, in which our own uploads have the id.

import { ORIGINAL_PREFIX, THUMBNAIL_PREFIX, thumbnailKeysOf } from "../../functions/lib/keys";
import { thumbnailKeysIn } from "../../functions/lib/profile-thumbnail";
import type { ThumbnailSizes } from "../../functions/lib/thumbnail-sizes";
import type { Deployment } from "../deployment";
import { keyPartOf } from "../profile-images";
import type { readProfile } from "../withdraw";
import type { StoredVersion } from "./stored-versions";

/** A profile's item; undefined where there is none. */
export type Item = Awaited<ReturnType<typeof readProfile>>;

export interface People {
  has(id: string): boolean;
  /** The one of them whose the version is. */
  ownerOf(version: Pick<StoredVersion, "key" | "profileId">): string | undefined;
  /** The one of them whose key this is, whatever lies there. */
  ownerOfKey(key: string): string | undefined;
}

/** @param items of the people in question, by their ids */
export function peopleOf(
  { profileIds, sizes }: Pick<Deployment, "profileIds" | "sizes">,
  items: ReadonlyMap<string, Item>,
): People {
  const named = new Map<string, string>();
  for (const [id, item] of items) for (const key of keysIn(item, sizes)) named.set(key, id);
  const parts = new Map([...items.keys()].map((id) => [keyPartOf(id), id]));

  const ownerOfKey = (key: string): string | undefined => named.get(key) ?? parts.get(folderOf(key, sizes));
  return {
    has: (id) => items.has(id),
    ownerOfKey,
    ownerOf({ key, profileId }) {
      if (profileId === undefined || !profileIds.isId(profileId)) return ownerOfKey(key);
      return items.has(profileId) ? profileId : undefined;
    },
  };
}

/** The keys that an item names: of its photo, and of thumbnails. */
function keysIn(item: Item, sizes: ThumbnailSizes): string[] {
  const image = item?.image?.S;
  const ofImage = image?.startsWith(ORIGINAL_PREFIX) ? [image, ...thumbnailKeysOf(image, sizes)] : [];
  return [...ofImage, ...thumbnailKeysIn(item)];
}

/** `original/7/photo.jpg` → `7`, and so of a thumbnail in the folder of its size. */
function folderOf(key: string, sizes: ThumbnailSizes): string {
  const ofSizes = sizes.map(({ folder }) => THUMBNAIL_PREFIX + folder).sort((one, other) => other.length - one.length);
  const prefix = [ORIGINAL_PREFIX, ...ofSizes].find((each) => key.startsWith(each)) ?? "";
  const [folder = "", ...rest] = key.slice(prefix.length).split("/");
  return prefix === "" || rest.length === 0 ? "" : folder;
}
