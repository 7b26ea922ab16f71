// How thumbnails are made of photos, in TinyPNG's words. https://tinypng.com/developers/reference#resizing-images

export const RESIZE_METHODS = ["fit", "cover", "thumb"] as const;

export type ResizeMethod = (typeof RESIZE_METHODS)[number];

export interface Size {
  readonly method: ResizeMethod;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
}

/** "original" is the photo's own. */
export const THUMBNAIL_FORMATS = ["original", "jpeg", "webp", "avif", "png"] as const;

export type ThumbnailFormat = (typeof THUMBNAIL_FORMATS)[number];

/** What is to be made of a photo. */
export interface FormattedSize extends Size {
  readonly format: ThumbnailFormat;
}
