// `npm run cost`: prints the page or, with --json, its figures, for the settings that are in force.

import { costCommand } from "../../cli/cost";
import { tinypngUsd } from "../../costs/prices";
import { expectMistake, runCommand } from "./run";

afterEach(() => {
  delete process.env.PROFILE_IMAGE_RESIZER;
  delete process.env.PROFILE_IMAGE_CREATE_THUMBNAIL_PARALLELIZATION_FACTOR;
  delete process.env.PROFILE_IMAGE_ALARM_EMAIL;
});

async function costOf(...args: string[]) {
  const { lines, error } = await runCommand(costCommand(), "--json", ...args);
  expect(error).toBeUndefined();
  return JSON.parse(lines.at(-1) ?? "");
}

test("a thousand photos cost TinyPNG's price with the one resizer, and cents with the other", async () => {
  const { photos, resizer, resizers } = await costOf("--photos", "1000");
  expect({ photos, resizer }).toEqual({ photos: 1000, resizer: "tinypng" });
  expect(resizers.tinypng.compressions).toBe(2000);
  expect(resizers.tinypng.usd.tinypng).toBeCloseTo(1500 * 0.009, 6);
  expect(resizers.account.usd.tinypng).toBe(0);
  expect(resizers.account.usd.aws).toBeLessThan(0.05);
});

test.each([
  [500, 0],
  [501, 0.009],
  [10_000, 85.5],
  [1_010_000, 85.5 + 2000],
])("%d compressions cost what TinyPNG's price list says: $%d", (compressions, usd) => {
  expect(tinypngUsd(compressions)).toBeCloseTo(usd, 6);
});

test("all but what is paid by the month grows with the photos", async () => {
  const [one, ten] = [await costOf("--photos", "1000000"), await costOf("--photos", "10000000")];
  for (const resizer of ["tinypng", "account"]) {
    const [few, many] = [one.resizers[resizer].usd, ten.resizers[resizer].usd];
    expect(many.aws).toBeCloseTo(10 * few.aws, 4);
    expect(many.storagePerMonth).toBeCloseTo(10 * few.storagePerMonth, 4);
    expect(many.everyMonth).toBe(few.everyMonth);
  }
});

test("settings count: who resizes, how many batches at a time, and alarms", async () => {
  const before = await costOf();
  process.env.PROFILE_IMAGE_RESIZER = "account";
  process.env.PROFILE_IMAGE_CREATE_THUMBNAIL_PARALLELIZATION_FACTOR = "5";
  process.env.PROFILE_IMAGE_ALARM_EMAIL = "on-call@example.com";
  const after = await costOf();
  expect(after.resizer).toBe("account");
  const { capacity, usd } = before.resizers.account;
  expect(after.resizers.account.capacity.photosPerSecond).toBeCloseTo(5 * capacity.photosPerSecond, 6);
  expect(after.resizers.account.usd.everyMonth).toBeGreaterThan(usd.everyMonth + 5);
});

test("without --json the page is printed", async () => {
  const { lines } = await runCommand(costCommand(), "--photos", "1234");
  expect(lines[0]).toBe("# What it costs");
  expect(lines).toContain("## 1,234 photos");
});

test.each(["0", "many", "1.5", "-3", "10000000000"])("--photos %s is refused", async (value) => {
  await expectMistake(costCommand(), ["--photos", value], "It must be a whole number from 1 to 1000000000.");
});
