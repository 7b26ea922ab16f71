import type { FailedEvent, FailureRecord } from "../../operations/failure-records";
import { lanesOf } from "../../operations/redrive-records";

/** A failure record of changes of these profiles, or of uploads under these keys. */
const record = (failureKey: string, ...events: Omit<FailedEvent, "record">[]): FailureRecord => ({
  failureKey,
  eTag: '"1"',
  when: "2026-01-01T00:00:00.000Z",
  functionName: "CreateThumbnail",
  reason: { code: "UnusablePhoto", message: "" },
  events: events.map((event) => ({ record: {} as FailedEvent["record"], ...event })),
});

const lanes = (...records: FailureRecord[]) => lanesOf(records).map((lane) => lane.map(({ failureKey }) => failureKey));

const one = { profileId: "1" };
const two = { profileId: "2" };
const three = { profileId: "3" };

describe("failure records that are replayed at once", () => {
  it("have no profile in common", () => {
    expect(lanes(record("a", one), record("b", two), record("c", one))).toEqual([["a", "c"], ["b"]]);
  });

  it("have none in common through a batch of several profiles either, and all keep their order", () => {
    const records = [
      record("a", one),
      record("b", two),
      record("c", three),
      record("batch", two, one),
      record("d", two),
    ];
    expect(lanes(...records)).toEqual([["a", "b", "batch", "d"], ["c"]]);
  });

  it("go by the key where nobody knows the profile, and alone where nothing is understood", () => {
    const records = [
      record("a", { key: "original/1.jpg" }),
      record("b"),
      record("c", { key: "original/1.jpg" }),
      record("d"),
    ];
    expect(lanes(...records)).toEqual([["a", "c"], ["b"], ["d"]]);
  });
});
