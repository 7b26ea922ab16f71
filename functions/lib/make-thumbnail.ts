// From a profile's image to its thumbnail in the bucket, at no credit where it is there already.

import type { ByteBudget } from "./byte-budget";
import { type Found, type ImagesBucket, NOTHING, type Photo, type StoredThumbnail } from "./images-bucket";
import { foreignFormat, refusalOfFormat } from "./photo-format";
import type { ProfileIds } from "./profile-id";
import { imageFailure, type ProfileImage } from "./profile-image";
import type { Profiles } from "./profiles";
import { type Resize, type Resized, UnusablePhoto } from "./resize";
import { hasStatus } from "./s3-status";
import type { FormattedSize } from "./size";

export interface MakerOptions {
  readonly images: ImagesBucket;
  readonly profiles: Profiles;
  readonly profileIds: ProfileIds;
  readonly resize: Resize;
  readonly size: FormattedSize;
  /** What photos may take of the function's memory together. */
  readonly photoMemory: ByteBudget;
}

export interface Made {
  readonly thumbnail: StoredThumbnail;
  /** Whether it was there already. */
  readonly wasThere: boolean;
}

/**
 * Makes the function that makes thumbnails. It gives undefined when another profile's photo has taken the photo's key,
 * and throws a PermanentFailure where trying again cannot help.
 */
export function createThumbnailMaker({ images, profiles, profileIds, resize, size, photoMemory }: MakerOptions) {
  async function resizePhoto(image: ProfileImage, photo: Photo, signal: AbortSignal): Promise<Resized> {
    const bytes = await photo.read();
    const format = foreignFormat(bytes);
    const [resized] = await resize(bytes, [size], signal).catch((error: unknown) => {
      if (!(error instanceof UnusablePhoto)) throw error;
      if (format === undefined) throw imageFailure("UnusablePhoto", `${image.key}: ${error.message}`, image);
      throw imageFailure("UnsupportedFormat", `${image.key} ${refusalOfFormat(format)}`, image);
    });
    return resized as Resized;
  }

  /** What lies under the thumbnail's key, when it turns out that something does, and the photo is still the same. */
  async function lookAgain(image: ProfileImage, eTag: string, signal: AbortSignal): Promise<Found> {
    const found = await images.findThumbnail(image, signal);
    // Only now: what takes the key from here on, S3 sees by the condition on what was found.
    if (await images.hasPhoto(image, eTag, signal)) return found;
    throw new Error(`${image.key} was replaced while its thumbnail was being made`);
  }

  async function replace(image: ProfileImage, eTag: string, resized: Resized, found: Found, signal: AbortSignal) {
    const { profileId } = found;
    // First, so that the other profile never shows this one's face.
    if (profileId !== undefined && profileId !== image.profileId && profileIds.isId(profileId)) {
      await profiles.giveUpThumbnail(profileId, image.thumbnailKey, signal);
    }
    return images.storeThumbnail(image, eTag, resized, found, signal);
  }

  async function storeFirst(image: ProfileImage, eTag: string, resized: Resized, signal: AbortSignal) {
    try {
      return await images.storeThumbnail(image, eTag, resized, NOTHING, signal);
    } catch (error) {
      if (!hasStatus(error, 412)) throw error;
    }
    const found = await lookAgain(image, eTag, signal);
    return (await found.madeOf(eTag)) ?? replace(image, eTag, resized, found, signal);
  }

  /** @param isFirst whether there cannot be one yet */
  return async (image: ProfileImage, isFirst: boolean, signal: AbortSignal): Promise<Made | undefined> => {
    const found = isFirst ? undefined : await images.findThumbnail(image, signal);
    const there = await found?.madeOf(image.eTag);
    if (there !== undefined) return { thumbnail: there, wasThere: true };
    const photo = await images.openPhoto(image, signal);
    if (photo === undefined) return undefined;
    const ofLaterPhoto = photo.eTag === image.eTag ? undefined : await found?.madeOf(photo.eTag);
    if (ofLaterPhoto !== undefined) {
      photo.discard();
      return { thumbnail: ofLaterPhoto, wasThere: true };
    }
    const resized = await photoMemory.hold(photo.size, signal, () => resizePhoto(image, photo, signal));
    const thumbnail =
      found === undefined
        ? await storeFirst(image, photo.eTag, resized, signal)
        : await replace(image, photo.eTag, resized, found, signal);
    return { thumbnail, wasThere: false };
  };
}
