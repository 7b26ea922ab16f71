// The costs as a page: docs/costs.md is what it is with the settings of cdktf.json, and `npm run cost` prints it.

import type { Settings } from "../stack/settings";
import { RESIZERS, type Resizer } from "../stack/settings/types";
import { limitsOf, lowest } from "./capacity";
import { type Cost, type Estimate, estimate, sumOf } from "./estimate";
import { count, table, usd } from "./markdown";
import { PRICES, PRICES_IN, PRICES_OF, TINYPNG_SOURCE, TINYPNG_TIERS } from "./prices";
import { MEASURED_ON } from "./times";
import { compressionsOf, PHOTO_BYTES, PHOTO_MEGAPIXELS } from "./uses";

/** The page as Markdown. */
export function costPage(settings: Settings, photos: number): string {
  const estimates = estimate(settings, photos);
  const { storage, everyMonth } = estimates[settings.resizer];
  const [both, number] = [RESIZERS.map((each) => `\`${each}\``), count(photos)];
  return [
    "# What it costs",
    `\`npm run cost -- --photos ${photos}\` prints this page for the settings of \`cdktf.json\`; nothing is asked on a network. The prices are those of ${PRICES_IN} on ${PRICES_OF}, in US dollars, without taxes, AWS's free tiers and its discounts for much. The setting \`resizer\` is \`"${settings.resizer}"\`.`,
    `Nothing is paid while no photo comes but storage${settings.alarmEmail === undefined ? "" : " and alarms"}: no resource is paid by the hour.`,
    `## ${number} photos`,
    `Each has ${count(PHOTO_BYTES / 1e6)} MB and ${PHOTO_MEGAPIXELS} megapixels and is for a profile that has no photo yet, and all come within a month. With the resizer ${both.join(" and ")}:`,
    costTable(estimates),
    `Cold starts and retries come on top. A photo that replaces another costs one more request of CreateThumbnail, which removes the thumbnail before. A profile that is made or changed otherwise costs a request of CreateThumbnail, of some milliseconds. A photo sent twice, a renamed profile and a repeated event cost no compression. Of many photos at a time, up to ${settings.createThumbnail.batchSize} share a request of CreateThumbnail.`,
    "## Every month",
    `While these photos are kept:`,
    monthTable(storage),
    "Photos that were replaced are kept for 30 days more. However many photos come:",
    monthTable(everyMonth),
    "CloudWatch asks for a metric only in hours in which it counted something.",
    ...more(settings),
    "## How many photos a second",
    ...RESIZERS.flatMap((resizer) => capacity(settings, resizer)),
    `TinyPNG documents no limit for a second; its free plan ends after ${Math.floor(TINYPNG_TIERS[0].upTo / compressionsOf(settings))} photos a month. What it refuses (429) is tried five times more, and is then a failure record, to be redriven. An account that is new to AWS may run 10 functions at a time, not 1,000. Photos beyond a limit wait: an upload for up to six hours, a change in the stream for one.`,
    `The times are those of functions of this size, from what was measured on ${MEASURED_ON} with \`node --import tsx bench/capacity.ts\`; two seconds for TinyPNG are assumed. What yours take is in the REPORT lines of their logs. There a backlog of 200 photos in one shard was worked off at 98 to 100 % of what its batches allow one at a time, and at 74 to 84 % with two and four at a time, since profiles are not spread evenly over them.`,
    "## Prices",
    priceTable(),
  ].join("\n\n");
}

function costTable(estimates: Readonly<Record<Resizer, Estimate>>): string {
  const name = ({ step, what }: Cost) => `${step}|${what}`;
  const rows = new Map<string, Cost>();
  // In the order in which a photo meets them, with what only one resizer uses in its place.
  for (const cost of estimates.tinypng.once) rows.set(name(cost), cost);
  const cells = [...rows.values()].map((cost) => [
    cost.step,
    cost.what,
    ...RESIZERS.flatMap((resizer) => {
      const own = estimates[resizer].once.find((each) => name(each) === name(cost));
      return own === undefined ? ["", ""] : [amount(own), usd(own.usd)];
    }),
  ]);
  const sums = RESIZERS.map((resizer) => sumOf(estimates[resizer].once));
  const tinypng = RESIZERS.flatMap((resizer) => {
    const { compressions, usd: price } = estimates[resizer].tinypng;
    return compressions === 0 ? ["", ""] : [`${count(compressions)} compressions`, usd(price)];
  });
  const together = RESIZERS.flatMap((resizer, at) => [
    "",
    `**${usd((sums[at] ?? 0) + estimates[resizer].tinypng.usd)}**`,
  ]);
  return table(
    ["step", "what is paid", ...RESIZERS.flatMap((each) => [`\`${each}\``, "USD"])],
    [
      ...cells,
      ["", "**AWS**", ...sums.flatMap((sum) => ["", `**${usd(sum)}**`])],
      ["CreateThumbnail", "TinyPNG: shrink and resize", ...tinypng],
      ["", "**together**", ...together],
    ],
  );
}

const monthTable = (costs: readonly Cost[]): string =>
  table(
    ["what is kept", "how much", "USD a month"],
    [
      ...costs.map((cost) => [cost.what, amount(cost), usd(cost.usd)]),
      ["**together**", "", `**${usd(sumOf(costs))}**`],
    ],
  );

const amount = ({ quantity, price }: Cost): string => `${count(quantity)} ${PRICES[price].unit}`;

function more({ events, alarmEmail, delivery }: Settings): string[] {
  const { cdnRequest, cdnData, dataOut, s3Read, event } = PRICES;
  const perMillion = ({ usd: price, per }: { usd: number; per: number }) => usd((price / per) * 1e6);
  return [
    ...(alarmEmail === undefined
      ? ["`alarmEmail` adds alarms, a dashboard, a key and metrics: see them with `PROFILE_IMAGE_ALARM_EMAIL` set."]
      : []),
    ...(events
      ? ["Each failed photo costs an invocation of ReportFailure and a GET more."]
      : [`\`events\` costs ${perMillion(event)} for a million photos, and nothing while none comes.`]),
    delivery === "none"
      ? `A million views of a thumbnail of 5 KB at signed addresses are ${perMillion(s3Read)} of requests and ${usd(5 * dataOut.usd)} of data.`
      : `A million views of a thumbnail of 5 KB by CloudFront are ${perMillion(cdnRequest)} of requests and ${usd(5 * cdnData.usd)} of data, beyond the 10 million requests and 1 TB that are free each month. What browsers keep they ask for once.`,
  ];
}

function capacity(settings: Settings, resizer: Resizer): string[] {
  const limits = limitsOf(settings, resizer);
  const least = lowest(limits);
  const rows = limits.map(({ limit, photosPerSecond, lifted }) => {
    const shown = count(photosPerSecond);
    return [limit, limit === least.limit ? `**${shown}**` : shown, lifted];
  });
  return [`With \`${resizer}\`:`, table(["limit", "photos a second", "lifted by"], rows)];
}

const ofOne = (unit: string): string => (unit.startsWith("GB") ? `a ${unit}` : "each");

function priceTable(): string {
  const rows = Object.values(PRICES).map(({ what, usd: price, per, unit, source }) => [
    what,
    price === 0 ? "nothing" : `$${price} ${per === 1 ? ofOne(unit) : `for ${count(per)} ${unit}`}`,
    `<${source}>`,
  ]);
  const tiers = TINYPNG_TIERS.map(({ upTo, usd: price }, at) => {
    const before = TINYPNG_TIERS[at - 1]?.upTo ?? 0;
    const which = Number.isFinite(upTo)
      ? `compressions ${count(before + 1)} to ${count(upTo)}`
      : `from ${count(before + 1)} on`;
    return `${which} of a month ${price === 0 ? "nothing" : `$${price} each`}`;
  });
  return table(["what", "price", "source"], [...rows, ["TinyPNG", tiers.join(", "), `<${TINYPNG_SOURCE}>`]]);
}
