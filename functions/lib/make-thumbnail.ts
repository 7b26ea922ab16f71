// From a profile's image to its thumbnails in the bucket, at no credit where they are there already.

import type { ByteBudget } from "./byte-budget";
import { type Found, type ImagesBucket, NOTHING, type Photo, type StoredThumbnail } from "./images-bucket";
import { foreignFormat, refusalOfFormat } from "./photo-format";
import type { ProfileIds } from "./profile-id";
import { imageFailure, type ProfileImage } from "./profile-image";
import type { Profiles } from "./profiles";
import { type Resize, type Resized, UnusablePhoto } from "./resize";
import { hasStatus } from "./s3-status";
import type { ThumbnailSize, ThumbnailSizes } from "./thumbnail-sizes";

export interface MakerOptions {
  readonly images: ImagesBucket;
  readonly profiles: Profiles;
  readonly profileIds: ProfileIds;
  readonly resize: Resize;
  readonly sizes: ThumbnailSizes;
  /** What photos may take of the function's memory together. */
  readonly photoMemory: ByteBudget;
}

export interface Made {
  /** One for each size, in their order. */
  readonly thumbnails: readonly StoredThumbnail[];
  /** Whether all were there already. */
  readonly wasThere: boolean;
}

/**
 * Makes the function that makes thumbnails. It gives undefined when another profile's photo has taken the photo's key,
 * and throws a PermanentFailure where trying again cannot help.
 */
export function createThumbnailMaker({ images, profiles, profileIds, resize, sizes, photoMemory }: MakerOptions) {
  async function resizePhoto(
    image: ProfileImage,
    photo: Photo,
    wanted: readonly ThumbnailSize[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<ThumbnailSize, Resized>> {
    const bytes = await photo.read();
    const format = foreignFormat(bytes);
    const resized = await resize(bytes, wanted, signal).catch((error: unknown) => {
      if (!(error instanceof UnusablePhoto)) throw error;
      if (format === undefined) throw imageFailure("UnusablePhoto", `${image.key}: ${error.message}`, image);
      throw imageFailure("UnsupportedFormat", `${image.key} ${refusalOfFormat(format)}`, image);
    });
    return new Map(wanted.flatMap((size, index) => (resized[index] === undefined ? [] : [[size, resized[index]]])));
  }

  /** What lies under the thumbnail's key, when it turns out that something does, and the photo is still the same. */
  async function lookAgain(
    image: ProfileImage,
    size: ThumbnailSize,
    eTag: string,
    signal: AbortSignal,
  ): Promise<Found> {
    const found = await images.findThumbnail(image, size, signal);
    // Only now: what takes the key from here on, S3 sees by the condition on what was found.
    if (await images.hasPhoto(image, eTag, signal)) return found;
    throw new Error(`${image.key} was replaced while its thumbnail was being made`);
  }

  async function replace(
    image: ProfileImage,
    size: ThumbnailSize,
    eTag: string,
    resized: Resized,
    found: Found,
    signal: AbortSignal,
  ) {
    const { profileId } = found;
    // First, so that the other profile never shows this one's face.
    if (profileId !== undefined && profileId !== image.profileId && profileIds.isId(profileId)) {
      await profiles.giveUpThumbnail(profileId, image.thumbnailKeys[0] ?? "", signal);
    }
    return images.storeThumbnail(image, size, eTag, resized, found, signal);
  }

  async function storeFirst(
    image: ProfileImage,
    size: ThumbnailSize,
    eTag: string,
    resized: Resized,
    signal: AbortSignal,
  ) {
    try {
      return await images.storeThumbnail(image, size, eTag, resized, NOTHING, signal);
    } catch (error) {
      if (!hasStatus(error, 412)) throw error;
    }
    const found = await lookAgain(image, size, eTag, signal);
    return (await found.madeOf(eTag)) ?? replace(image, size, eTag, resized, found, signal);
  }

  /** Those that are there of this photo; all, when it gives as many as there are sizes. */
  async function madeOf(
    found: ReadonlyMap<ThumbnailSize, Found>,
    eTag: string | undefined,
  ): Promise<Map<ThumbnailSize, StoredThumbnail>> {
    const there = new Map<ThumbnailSize, StoredThumbnail>();
    for (const [size, each] of found) {
      const thumbnail = await each.madeOf(eTag);
      if (thumbnail !== undefined) there.set(size, thumbnail);
    }
    return there;
  }

  const inOrder = (thumbnails: ReadonlyMap<ThumbnailSize, StoredThumbnail>) =>
    sizes.flatMap((size) => thumbnails.get(size) ?? []);

  /** @param isFirst whether there cannot be any yet */
  return async (image: ProfileImage, isFirst: boolean, signal: AbortSignal): Promise<Made | undefined> => {
    const found = new Map<ThumbnailSize, Found>();
    if (!isFirst) for (const size of sizes) found.set(size, await images.findThumbnail(image, size, signal));
    const there = await madeOf(found, image.eTag);
    if (there.size === sizes.length) return { thumbnails: inOrder(there), wasThere: true };
    const photo = await images.openPhoto(image, signal);
    if (photo === undefined) return undefined;
    const made = photo.eTag === image.eTag ? there : await madeOf(found, photo.eTag);
    if (made.size === sizes.length) {
      photo.discard();
      return { thumbnails: inOrder(made), wasThere: true };
    }
    const missing = sizes.filter((size) => !made.has(size));
    const resized = await photoMemory.hold(photo.size, signal, () => resizePhoto(image, photo, missing, signal));
    for (const [size, picture] of resized) {
      const before = found.get(size);
      const stored =
        before === undefined
          ? await storeFirst(image, size, photo.eTag, picture, signal)
          : await replace(image, size, photo.eTag, picture, before, signal);
      made.set(size, stored);
    }
    return { thumbnails: inOrder(made), wasThere: false };
  };
}
