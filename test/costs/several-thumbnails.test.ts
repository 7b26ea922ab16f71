import { priceOfSeveral } from "../../costs/several-thumbnails";
import { DEFAULTS } from "../../stack/settings";

const CARD = { name: "card", width: 150, height: 150, method: "fit", format: "original" } as const;
const SMALL = { name: "small", width: 64, height: 64, method: "cover", format: "webp" } as const;

it("says what TinyPNG asks for a thousand photos: one for each, one for each size, one for each conversion", () => {
  expect(priceOfSeveral({ ...DEFAULTS, thumbnails: [CARD, SMALL] })).toBe(
    'With 2 thumbnails by TinyPNG 1,000 photos cost 4,000 compressions, $31.50 in a month; with the setting "resizer": "account" none.',
  );
});

it("says nothing of one thumbnail, or where none goes to TinyPNG", () => {
  expect(priceOfSeveral(DEFAULTS)).toBeUndefined();
  expect(priceOfSeveral({ ...DEFAULTS, thumbnails: [CARD, SMALL], resizer: "account" })).toBeUndefined();
});
