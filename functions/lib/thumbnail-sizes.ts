// The sizes of a photo's thumbnails, as CreateThumbnail's environment has them: one, or several with names, the first of
// which is the one that a profile shows.

import type { FormattedSize, Size } from "./size";

export interface ThumbnailSize extends FormattedSize {
  /** Of the setting `thumbnails`; the setting `thumbnail` gives none. */
  readonly name?: string;
  /** Within thumbnails/, with a slash at its end; the first size lies in thumbnails/ itself. */
  readonly folder: string;
}

export type ThumbnailSizes = readonly [ThumbnailSize, ...ThumbnailSize[]];

/** The environment variable for several. */
export const THUMBNAILS = "THUMBNAILS";

/**
 * The sizes of an environment.
 * @param list the value of {@link THUMBNAILS}
 * @param one the size, without a list
 */
export function sizesIn(list: string | undefined, one: () => Size): ThumbnailSizes {
  if (list === undefined) return [{ ...one(), format: "original", folder: "" }];
  const [first, ...others] = parse(list);
  if (first === undefined) throw wrong(list);
  return [{ ...first, folder: "" }, ...others.map((each) => ({ ...each, folder: `${each.name}/` }))];
}

/** The value of {@link THUMBNAILS}. */
export const listOf = (sizes: readonly (FormattedSize & { readonly name?: string })[]): string =>
  JSON.stringify(sizes.map(({ name, width, height, method, format }) => ({ name, width, height, method, format })));

function parse(list: string): Omit<ThumbnailSize, "folder">[] {
  try {
    const sizes: unknown = JSON.parse(list);
    if (Array.isArray(sizes) && sizes.every((each) => typeof each?.name === "string")) return sizes;
  } catch {
    // Said below.
  }
  throw wrong(list);
}

const wrong = (list: string) =>
  new Error(`The environment variable ${THUMBNAILS} must be a list of sizes with names (given "${list}")`);
