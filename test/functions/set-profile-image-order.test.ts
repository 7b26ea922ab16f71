// Which of a profile's photos SetProfileImage takes for the newest one.

import { uploadRecord } from "./factories";
import { createSetProfileImageHarness } from "./set-profile-image-harness";

const { s3, table, upload, run } = createSetProfileImageHarness();

describe("in whatever order events come, and however often, the newest photo wins", () => {
  const key = (name: string) => `original/${name}.jpg`;
  const cases: [string, ReturnType<typeof uploadRecord>[]][] = [
    [
      "with different keys at different times",
      [
        uploadRecord({ key: key("a"), eventTime: "2026-11-24T12:00:00.001Z", sequencer: "FF" }),
        uploadRecord({ key: key("b"), eventTime: "2026-11-24T12:00:00.002Z", sequencer: "0A" }),
        uploadRecord({ key: key("c"), eventTime: "2026-11-24T12:00:00.010Z", sequencer: "01" }),
      ],
    ],
    [
      "within the same millisecond, by sequencers of different lengths",
      [
        uploadRecord({ key: key("a"), sequencer: "0055AED6DCD90281E5" }),
        uploadRecord({ key: key("b"), sequencer: "0055AED6DCD90281E5B" }),
        uploadRecord({ key: key("c"), sequencer: "0055AED6DCD90281E6" }),
      ],
    ],
    [
      "under one key, with times that run backwards",
      [
        uploadRecord({ key: key("a"), eventTime: "2026-11-24T12:00:00.030Z", sequencer: "0A", eTag: "a1" }),
        uploadRecord({ key: key("a"), eventTime: "2026-11-24T12:00:00.020Z", sequencer: "0A0B", eTag: "a2" }),
        uploadRecord({ key: key("a"), eventTime: "2026-11-24T12:00:00.010Z", sequencer: "0b", eTag: "a3" }),
      ],
    ],
    [
      "from one key to another and back",
      [
        uploadRecord({ key: key("a"), eventTime: "2026-11-24T12:00:00.010Z", sequencer: "0A", eTag: "a1" }),
        uploadRecord({ key: key("b"), eventTime: "2026-11-24T12:00:00.020Z", sequencer: "FF", eTag: "b1" }),
        uploadRecord({ key: key("a"), eventTime: "2026-11-24T12:00:00.030Z", sequencer: "0B", eTag: "a2" }),
      ],
    ],
    [
      "to another key after times that ran backwards",
      [
        uploadRecord({ key: key("a"), eventTime: "2026-11-24T12:00:00.030Z", sequencer: "0A", eTag: "a1" }),
        uploadRecord({ key: key("a"), eventTime: "2026-11-24T12:00:00.010Z", sequencer: "0B", eTag: "a2" }),
        uploadRecord({ key: key("b"), eventTime: "2026-11-24T12:00:00.040Z", sequencer: "01", eTag: "b1" }),
      ],
    ],
    [
      "across a day's end",
      [
        uploadRecord({ key: key("a"), eventTime: "2026-12-31T23:59:59.999Z" }),
        uploadRecord({ key: key("b"), eventTime: "2027-01-01T00:00:00.000Z" }),
      ],
    ],
  ];

  const permutations = <T>(items: readonly T[]): T[][] =>
    items.length < 2
      ? [[...items]]
      : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((others) => [item, ...others]));

  it.each(cases)("%s", async (_what, records) => {
    for (const order of permutations(records)) {
      table.reset("1");
      for (const record of [...order, ...order]) {
        // What S3 held when this event was young: none of them is told apart by the object that is there by now.
        const { key: stored, eTag } = record.s3.object;
        s3.put(`images/${stored}`, { eTag, metadata: { "user-profile-id": "1" } });
        await run(record);
      }
      const { key: stored, eTag } = records.at(-1)?.s3.object ?? {};
      expect(table.profile("1")).toMatchObject({ image: { S: stored }, imageETag: { S: eTag } });
    }
  });
});

describe("which photo is the newer one", () => {
  const A = "original/a.jpg";
  const at = (milliseconds: string) => `2026-11-24T12:00:00.${milliseconds}Z`;
  const eTagOf = (id = "1") => table.profile(id)?.imageETag?.S;

  it("is decided by one write where time and sequencer agree, and by two where they do not", async () => {
    await run(upload({ key: A, eventTime: at("030"), sequencer: "0A", eTag: "a1" }));
    await run(upload({ key: A, eventTime: at("040"), sequencer: "0B", eTag: "a2" }));
    expect(table.inputs).toHaveLength(2);
    await run(upload({ key: A, eventTime: at("010"), sequencer: "0C", eTag: "a3" }));
    expect(table.inputs).toHaveLength(4);
    expect(eTagOf()).toBe("a3");
  });

  it("is later than all that its key's photo before it was later than", async () => {
    await run(upload({ key: A, eventTime: at("030"), sequencer: "0A", eTag: "a1" }));
    await run(upload({ key: A, eventTime: at("010"), sequencer: "0B", eTag: "a2" }));
    await run(upload({ key: "original/b.jpg", eventTime: at("020"), sequencer: "FF", eTag: "b1" }));
    expect(eTagOf()).toBe("a2");
  });

  it("of an older event of the same key is not it, though its time is later", async () => {
    await run(upload({ key: A, eventTime: at("010"), sequencer: "0B", eTag: "a2" }));
    await run(upload({ key: A, eventTime: at("030"), sequencer: "0A", eTag: "a1" }));
    expect(eTagOf()).toBe("a2");
  });

  it("is decided once more when another upload comes in between, of which none is lost", async () => {
    const between = (sequencer: string, eTag: string) => () =>
      table.put("1", {
        image: { S: A },
        imageETag: { S: eTag },
        imageVersion: { S: `${at("050")}#${sequencer.padEnd(32, "0")}` },
        imageSequencer: { S: sequencer.padEnd(32, "0") },
      });
    table.before(between("0A", "a1"), between("0B", "a2"));
    await run(upload({ key: A, eventTime: at("010"), sequencer: "0C", eTag: "a3" }));
    expect(eTagOf()).toBe("a3");
    table.before(between("0D", "a4"), between("0F", "a6"));
    await run(upload({ key: A, eventTime: at("010"), sequencer: "0E", eTag: "a5" }));
    expect(eTagOf()).toBe("a6");
  });

  describe("for a profile that an earlier release wrote, without a sequencer of its own,", () => {
    beforeEach(() =>
      table.put("1", {
        image: { S: A },
        imageETag: { S: "a2" },
        imageVersion: { S: `${at("020")}#${"0B".padEnd(32, "0")}` },
      }),
    );

    it.each([
      ["is one of its key with a later sequencer and time", { key: A, eventTime: at("030"), sequencer: "0C" }, true],
      ["is one of its key with a later sequencer alone", { key: A, eventTime: at("010"), sequencer: "0C" }, true],
      ["is not one of its key with a later time alone", { key: A, eventTime: at("030"), sequencer: "0A" }, false],
      ["is not the same once more", { key: A, eventTime: at("020"), sequencer: "0B" }, false],
      ["is a later one of another key", { key: "original/b.jpg", eventTime: at("030"), sequencer: "01" }, true],
      ["is not an earlier one of another key", { key: "original/b.jpg", eventTime: at("010"), sequencer: "FF" }, false],
    ])("%s", async (_what, photo, isNewer) => {
      await run(upload({ ...photo, eTag: "new" }));
      expect(eTagOf()).toBe(isNewer ? "new" : "a2");
      expect(table.profile("1")?.imageSequencer?.S).toBe(isNewer ? photo.sequencer.padEnd(32, "0") : undefined);
    });
  });
});
