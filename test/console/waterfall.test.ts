// How a photo's steps are laid out: rows in rows, bars on one axis, and an axis that is broken where nothing happened.

import { layOut } from "../../console/page/waterfall-layout";
import type { Photo, Step } from "../../console/types";

const START = 1_000_000;

const step = (id: string, at: number, ms: number | undefined, more: Partial<Step> = {}): Step => ({
  id,
  service: "s3",
  action: "PutObject",
  subject: "",
  at: START + at,
  ms,
  notes: [],
  ...more,
});

const invocation = (id: string, at: number, ms: number, more: Partial<Step> = {}) =>
  step(id, at, ms, { service: "lambda", action: "Invoke", subject: "CreateThumbnail", ...more });

function laidOut(...steps: Step[]) {
  const ms = Math.max(...steps.map(({ at, ms = 0 }) => at + ms)) - START;
  const photo: Photo = { id: "p", key: "original/1/a.jpg", at: START, ms, state: "done", stage: "making" };
  return layOut(photo, steps);
}

describe("Rows", () => {
  test("hold what happened in them, and bars lie where they are in the whole time", () => {
    const { rows } = laidOut(step("1", 0, 20), invocation("2", 20, 80), step("3", 40, 20, { within: "2" }));
    expect(rows).toMatchObject([
      { step: { id: "1" }, x: 0, width: 20, inside: [] },
      { step: { id: "2" }, x: 20, width: 80, inside: [{ step: { id: "3" }, x: 40, width: 20 }] },
    ]);
  });

  test("of steps that overlap do so on the axis", () => {
    const { rows } = laidOut(step("1", 0, 60), step("2", 30, 70));
    expect(rows.map(({ x, width }) => [x, x + width])).toEqual([
      [0, 60],
      [30, 100],
    ]);
  });

  test("of attempts are closed but for the last, and say what went wrong in them", () => {
    const attempt = (number: number) => ({ attempt: { number, of: 2 } });
    const { rows } = laidOut(
      invocation("1", 0, 20, attempt(1)),
      step("2", 0, 20, { action: "StreamBatch", within: "1", error: "BatchItemFailures" }),
      step("3", 5, 1, { within: "1", error: "TooManyRequests" }),
      invocation("4", 20, 20, attempt(2)),
      step("5", 25, 1, { within: "4", error: "ConnectionCut" }),
    );
    expect(rows).toMatchObject([
      { isFolded: true, error: "TooManyRequests", inside: [{ step: { id: "3" } }, { step: { id: "2" } }] },
      // Its client tried again by itself, and it succeeded.
      { isFolded: false, error: undefined, inside: [{ error: "ConnectionCut" }] },
    ]);
  });

  test("whose invocation is no longer among the steps stand by themselves", () => {
    expect(laidOut(step("7", 0, 5, { within: "1" })).rows).toHaveLength(1);
  });

  test("of what still runs reach to the end", () => {
    const { rows } = laidOut(step("1", 0, 100), { ...invocation("2", 50, 0), ms: undefined, isRunning: true });
    expect(rows[1]).toMatchObject({ x: 50, width: 50 });
  });
});

describe("The axis", () => {
  test("has a few round ticks that do not run into each other", () => {
    const { axis } = laidOut(step("1", 0, 437));
    expect(axis.ticks.map(({ label }) => label)).toEqual(["0", "100 ms", "200 ms", "300 ms", "400 ms"]);
    expect(axis.breaks).toEqual([]);
  });

  test("is broken at a long wait, which takes no room from the milliseconds", () => {
    const { axis, rows } = laidOut(step("1", 0, 100), step("2", 600_100, 100));
    expect(axis.breaks).toEqual([{ x: 47, width: 6, label: "⋯ 10 min 0 s" }]);
    expect(rows.map(({ x, width }) => [x, width].map(Math.round))).toEqual([
      [0, 47],
      [53, 47],
    ]);
    // After it the time starts from zero.
    expect(axis.ticks.at(-1)?.label).toBe("+50 ms");
  });

  test("leaves room for the steps however many breaks there are", () => {
    const { axis, rows } = laidOut(
      ...Array.from({ length: 40 }, (_, index) => step(String(index), index * 60_000, 10)),
    );
    expect(axis.breaks).toHaveLength(39);
    expect(axis.breaks.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(36);
    expect(rows.at(-1)?.x).toBeLessThan(100);
    expect(rows.every(({ x, width }) => x >= 0 && x + width <= 100.001)).toBe(true);
  });

  test("is not broken by the pauses of a quick way", () => {
    expect(laidOut(step("1", 0, 100), step("2", 120, 100)).axis.breaks).toEqual([]);
  });

  test("stands for a photo of which one moment is known", () => {
    expect(laidOut(step("1", 0, undefined))).toMatchObject({ rows: [{ x: 0, width: 0 }], axis: { breaks: [] } });
  });
});
