// What a number of photos costs, with each resizer.

import type { Settings } from "../stack/settings";
import { RESIZERS, type Resizer } from "../stack/settings/types";
import { PRICES, tinypngUsd } from "./prices";
import { compressionsOf, storageOfPhoto, type Use, usesByMonth, usesOfPhoto } from "./uses";

/** A use of all photos together, and what it costs. */
export interface Cost extends Use {
  readonly usd: number;
}

export interface Estimate {
  /** From the upload to the thumbnail, once. */
  readonly once: readonly Cost[];
  readonly tinypng: { readonly compressions: number; readonly usd: number };
  /** By the month, for as long as the photos are kept. */
  readonly storage: readonly Cost[];
  /** By the month, however many photos come. */
  readonly everyMonth: readonly Cost[];
}

/** @param photos that come in one month */
export function estimate(settings: Settings, photos: number): Readonly<Record<Resizer, Estimate>> {
  const ofAll = (use: Use) => priced({ ...use, quantity: use.quantity * photos });
  const estimateWith = (resizer: Resizer): Estimate => {
    const compressions = resizer === "tinypng" ? compressionsOf(settings) * photos : 0;
    return {
      once: usesOfPhoto(settings, resizer).map(ofAll),
      tinypng: { compressions, usd: tinypngUsd(compressions) },
      storage: storageOfPhoto(settings).map(ofAll),
      everyMonth: usesByMonth(settings).map(priced),
    };
  };
  return Object.fromEntries(RESIZERS.map((each) => [each, estimateWith(each)])) as Record<Resizer, Estimate>;
}

export const sumOf = (costs: readonly Pick<Cost, "usd">[]): number => costs.reduce((sum, { usd }) => sum + usd, 0);

function priced(use: Use): Cost {
  const { usd, per } = PRICES[use.price];
  return { ...use, usd: (use.quantity / per) * usd };
}
