// What several thumbnails cost at TinyPNG, which counts each of them.

import type { Settings } from "../stack/settings";
import { count, usd } from "./markdown";
import { tinypngUsd } from "./prices";
import { compressionsOf } from "./uses";

const PHOTOS = 1000;

/** A sentence for who synthesizes; undefined where there is one thumbnail, or none goes to TinyPNG. */
export function priceOfSeveral(settings: Settings): string | undefined {
  const { resizer, thumbnails } = settings;
  if (thumbnails === undefined || resizer !== "tinypng") return undefined;
  const compressions = compressionsOf(settings) * PHOTOS;
  const numbers = `${count(PHOTOS)} photos cost ${count(compressions)} compressions, ${usd(tinypngUsd(compressions))} in a month`;
  return `With ${thumbnails.length} thumbnails by TinyPNG ${numbers}; with the setting "resizer": "account" none.`;
}
