import { changedImage as imageIn, supersededIn } from "../../../functions/lib/profile-image";
import { changeRecord, ONE_SIZE, photoRecord } from "../factories";

const changedImage = (record: Parameters<typeof imageIn>[0]) => imageIn(record, [ONE_SIZE]);

const IMAGE = { key: "original/a/1.jpg", eTag: "e1", version: "v1" };

it("a profile that gets a photo brings its key, its ETag and the key of its thumbnail", () => {
  expect(changedImage(changeRecord({ id: "7", before: {}, after: IMAGE }))).toEqual({
    profileId: "7",
    key: "original/a/1.jpg",
    eTag: "e1",
    version: "v1",
    thumbnailKeys: ["thumbnails/a/1.jpg"],
  });
});

it("a profile that is created with a photo brings it too", () => {
  expect(changedImage(changeRecord({ after: IMAGE }))).toMatchObject({ key: IMAGE.key, eTag: "e1" });
});

it.each([
  ["key", { ...IMAGE, key: "original/2.jpg" }],
  ["ETag", { ...IMAGE, eTag: "e2" }],
  ["version: the same picture was sent again", { ...IMAGE, version: "v2" }],
])("an image is another one by its %s", (_what, after) => {
  expect(changedImage(changeRecord({ before: IMAGE, after }))).toMatchObject({ key: after.key });
});

it.each([
  ["a removed profile", changeRecord({ before: IMAGE }), "skipped: the profile was removed"],
  ["a removed image", changeRecord({ before: IMAGE, after: {} }), "skipped: the profile has no image"],
  ["another edit", changeRecord({ before: IMAGE, after: IMAGE }), "skipped: the image did not change"],
  [
    "an image elsewhere",
    changeRecord({ before: {}, after: { ...IMAGE, key: "thumbnails/a/1.jpg" } }),
    "skipped: the image is not under original/",
  ],
])("%s brings none, and says so", (_what, record, message) => {
  expect(changedImage(record)).toBe(message);
});

describe("the key of a thumbnail", () => {
  /** `original/` has 9 bytes and `thumbnails/` 11, so that many more fit into the 1,024 of a thumbnail's key. */
  const ROOM = 1013;
  const imageOf = (name: string) => changedImage(changeRecord({ before: {}, after: { key: `original/${name}` } }));

  it("may be as long as keys may be", () => {
    expect(imageOf("x".repeat(ROOM))).toMatchObject({ thumbnailKeys: [`thumbnails/${"x".repeat(ROOM)}`] });
  });

  it.each([
    ["in plain letters", "x".repeat(ROOM + 1)],
    ["in letters of two bytes", "ü".repeat(ROOM / 2 + 1)],
  ])("is refused when it is longer, %s", (_what, name) => {
    expect(() => imageOf(name)).toThrow(expect.objectContaining({ code: "KeyTooLong", profileId: "1" }));
  });
});

describe("within a batch", () => {
  it("a photo is superseded by a later one of the same profile, and by nothing else", () => {
    const [older, other, newer] = [
      photoRecord("1", "original/a.jpg", "a"),
      photoRecord("2", "original/b.jpg", "b"),
      photoRecord("1", "original/c.jpg", "c"),
    ];
    const edit = changeRecord({ before: IMAGE, after: { ...IMAGE, nick: "Mav" } });
    const foreign = changeRecord({ before: IMAGE, after: { ...IMAGE, key: "original/d.jpg" } });
    const removal = changeRecord({ before: IMAGE, after: {} });
    expect([...supersededIn([older, other, newer, edit, foreign, removal])]).toEqual([older]);
  });

  it("only the last of three photos is left", () => {
    const records = ["a", "b", "c"].map((name) => photoRecord("1", `original/${name}.jpg`, name));
    expect([...supersededIn(records)]).toEqual(records.slice(0, 2));
  });
});
