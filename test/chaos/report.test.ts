// What a chaos run holds to be a broken promise.

import { brokenPromises, describeChaos } from "../../chaos/report";
import type { ChaosReport } from "../../chaos/run";

const kept: ChaosReport = {
  seed: 7,
  uploads: 100,
  tinifyFaults: false,
  accepted: 99,
  verdicts: { correct: 40, superseded: 50, failed: 9, lost: 0, wrong: 0 },
  redrive: { states: { succeeded: 3, superseded: 2, failed: 5 }, remaining: { UnusablePhoto: 5 }, stuck: [] },
  violations: [],
  faceless: [],
  orphans: [],
  missingEvents: [],
  lingering: [],
  swept: { count: 4, left: [] },
  lostEdits: [],
  photos: 90,
  shrinks: 108,
  faults: { "s3: 500": 12 },
  ms: 1234,
};

it("a run that broke none says what remains of the failure records, and why", () => {
  expect(brokenPromises(kept)).toEqual([]);
  const text = describeChaos(kept);
  expect(text).toContain("replayed 10 failure records: 3 succeeded, 2 superseded, 5 failed.\n");
  expect(text).toMatch(/Records that remain, of photos that can never have a thumbnail:\n +5 {2}UnusablePhoto\n/);
  expect(text).toContain("TinyPNG shrank 108 times for 90 photos (at most 1.2 times each).\n");
});

it.each<[string, Partial<ChaosReport>, string]>([
  [
    "a record that redrive should have emptied",
    { redrive: { ...kept.redrive, stuck: ["a.json (photo): PhotoGone: …"] } },
    "not emptied by redrive: a.json (photo): PhotoGone: …",
  ],
  [
    "a profile that lost its face",
    { faceless: ["profile 3 had thumbnails/3.jpg, and names none"] },
    "faceless: profile 3 had thumbnails/3.jpg, and names none",
  ],
  ["an orphan", { orphans: ["thumbnails/3.jpg"] }, "left behind: thumbnails/3.jpg, which no profile names"],
  [
    "an event that was not sent",
    { missingEvents: ["Photo ready, of the photo v of profile 3"] },
    "no event: Photo ready, of the photo v of profile 3",
  ],
  [
    "a person of whom something is left",
    { lingering: ["original/3.jpg of profile 3"] },
    "not erased: original/3.jpg of profile 3",
  ],
  [
    "a photo that no profile refers to after a sweep",
    { swept: { count: 3, left: ["original/9.jpg of profile 9"] } },
    "not swept: original/9.jpg of profile 9",
  ],
  ["an edit that is not there", { lostEdits: ["edit3 of profile 1"] }, "lost: edit3 of profile 1"],
  [
    "more than 1.2 shrinks a photo",
    { shrinks: 109 },
    "TinyPNG shrank 109 times for 90 photos, more than 1.2 times each",
  ],
])("%s breaks a promise", (_what, change, promise) => {
  const report = { ...kept, ...change };
  expect(brokenPromises(report)).toEqual([promise]);
  expect(describeChaos(report)).toContain(`Broken promises:\n  ${promise}`);
});

it("TinyPNG may shrink more often where it fails itself", () => {
  expect(brokenPromises({ ...kept, tinifyFaults: true, shrinks: 200 })).toEqual([]);
});
