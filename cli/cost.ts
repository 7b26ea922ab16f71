// `npm run cost`: what a number of photos costs with the settings of cdktf.json, and how many a second the pipeline takes.

import { Command, InvalidArgumentError } from "commander";
import { limitsOf, lowest } from "../costs/capacity";
import { estimate, sumOf } from "../costs/estimate";
import { costPage } from "../costs/page";
import { PRICES_IN, PRICES_OF } from "../costs/prices";
import { readContext } from "../stack/context";
import { PROJECT_ROOT } from "../stack/project-root";
import { readSettings, type Settings } from "../stack/settings";
import { RESIZERS } from "../stack/settings/types";
import { print, printJson } from "./print";

interface CostOptions {
  readonly photos: number;
  readonly json?: boolean;
}

const MOST_PHOTOS = 1_000_000_000;

export const costCommand = (): Command =>
  new Command("cost")
    .description("Print what photos cost with the settings of this folder, and how many a second the pipeline takes.")
    .option("--photos <number>", "photos that come in a month", parsePhotos, 1_000_000)
    .option("--json", "print the result as one line of JSON")
    .action(cost);

function parsePhotos(value: string): number {
  if (/^[1-9]\d*$/.test(value) && Number(value) <= MOST_PHOTOS) return Number(value);
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_PHOTOS}.`);
}

function cost({ photos, json = false }: CostOptions): void {
  const settings = readSettings(readContext(PROJECT_ROOT));
  if (json) printJson(result(settings, photos));
  else print(costPage(settings, photos));
}

function result(settings: Settings, photos: number) {
  const estimates = estimate(settings, photos);
  const resizers = RESIZERS.map((resizer) => {
    const { once, tinypng, storage, everyMonth } = estimates[resizer];
    const limits = limitsOf(settings, resizer);
    const usd = {
      aws: sumOf(once),
      tinypng: tinypng.usd,
      storagePerMonth: sumOf(storage),
      everyMonth: sumOf(everyMonth),
    };
    const capacity = { photosPerSecond: lowest(limits).photosPerSecond, limits };
    return [resizer, { usd, compressions: tinypng.compressions, once, storage, everyMonth, capacity }] as const;
  });
  return {
    photos,
    resizer: settings.resizer,
    prices: { date: PRICES_OF, region: PRICES_IN },
    resizers: Object.fromEntries(resizers),
  };
}
