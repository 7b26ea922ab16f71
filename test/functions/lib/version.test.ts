import { photoVersion } from "../../../functions/lib/version";

describe("the version of a photo grows", () => {
  const TIME = "2026-11-24T12:00:00.000Z";
  it.each<[string, [string, string], [string, string]]>([
    ["with the time", [TIME, "FF"], ["2026-11-24T12:00:00.001Z", "01"]],
    ["with the sequencer within a millisecond", [TIME, "0A"], [TIME, "0B"]],
    ["with sequencers of any length: shorter ones end in zeros", [TIME, "0A"], [TIME, "0A01"]],
    ["from digits to letters", [TIME, "09"], [TIME, "0A"]],
    ["whatever the letters' case, small first", [TIME, "0a"], [TIME, "0B"]],
    ["whatever the letters' case, large first", [TIME, "0A"], [TIME, "0b"]],
    ["with a time that has no fraction", ["2026-11-24T12:00:00Z", "0A"], ["2026-11-24T12:00:00.001Z", "01"]],
  ])("%s", (_what, older, newer) => {
    expect(photoVersion(...older) < photoVersion(...newer)).toBe(true);
  });

  it("and is the same for the same event, however its time and sequencer are written", () => {
    expect(photoVersion("2026-11-24T12:00:00Z", "0a")).toBe(photoVersion("2026-11-24T12:00:00.000Z", "0A00"));
  });
});

it("a malformed time is not a version", () => {
  expect(() => photoVersion("soon", "0A")).toThrow(RangeError);
});
