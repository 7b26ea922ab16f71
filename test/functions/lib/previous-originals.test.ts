import { originalsLeftBy } from "../../../functions/lib/previous-originals";
import { changeRecord, lambdaContext, photoRecord } from "../factories";
import { createThumbnailHarness } from "../thumbnail-harness";

const { s3, table, handlerWith, photo, text } = createThumbnailHarness();
const replaced = changeRecord({
  id: "3",
  before: { key: "original/old.jpg", eTag: "old", version: "v1" },
  after: { key: "original/new.jpg", eTag: "new", version: "v2" },
});

it("a change leaves the photo that it takes away, once", () => {
  expect(originalsLeftBy(replaced)).toEqual([{ key: "original/old.jpg", eTag: "old" }]);
  expect(originalsLeftBy(changeRecord({ before: { key: "elsewhere/a.jpg" }, after: {} }))).toEqual([]);
  const same = { key: "original/old.jpg", eTag: "new", version: "v2" };
  expect(originalsLeftBy(changeRecord({ before: { ...same, eTag: "old" }, after: same }))).toEqual([]);
});

describe("with the setting, it", () => {
  const current = handlerWith({ removesPreviousOriginals: true });
  beforeEach(() => {
    photo("3", { key: "original/old.jpg", eTag: "old" });
    photo("3", { key: "original/new.jpg", eTag: "new" });
    table.takeChanges();
    s3.put("images/original/old.jpg", { eTag: "old", metadata: { "user-profile-id": "3" } });
  });

  it("goes", async () => {
    await current({ Records: [replaced] }, lambdaContext());
    expect(text("images/original/old.jpg")).toBeUndefined();
    expect(text("images/original/new.jpg")).toBeDefined();
  });

  it("stays when a later upload has taken its key, whose own event is on its way", async () => {
    s3.put("images/original/old.jpg", { eTag: "later", metadata: { "user-profile-id": "3" } });
    await current({ Records: [replaced] }, lambdaContext());
    expect(s3.object("images/original/old.jpg")).toBeDefined();
  });

  it("stays when it is another profile's by now", async () => {
    s3.put("images/original/old.jpg", { eTag: "old", metadata: { "user-profile-id": "4" } });
    await current({ Records: [replaced] }, lambdaContext());
    expect(s3.object("images/original/old.jpg")).toBeDefined();
  });
});

describe("the record of a photo that has gone comes again", () => {
  const again = photoRecord("3", "original/old.jpg", "old");
  beforeEach(() => {
    photo("3", { key: "original/new.jpg", eTag: "new" });
    table.takeChanges();
  });

  it("and is no failure with the setting", async () => {
    await handlerWith({ removesPreviousOriginals: true })({ Records: [again] }, lambdaContext());
    expect(s3.failures()).toEqual([]);
    expect(text("images/thumbnails/old.jpg")).toBeUndefined();
  });

  it("and is one without it", async () => {
    await handlerWith()({ Records: [again] }, lambdaContext());
    expect(s3.failures()).toMatchObject([{ reason: { code: "PhotoGone" } }]);
  });

  it("and is one when its profile has it all the same", async () => {
    s3.clear();
    const current = photoRecord("3", "original/new.jpg", "new");
    await handlerWith({ removesPreviousOriginals: true })({ Records: [current] }, lambdaContext());
    expect(s3.failures()).toMatchObject([{ reason: { code: "PhotoGone" } }]);
  });
});

it("without the setting it stays", async () => {
  photo("3", { key: "original/old.jpg", eTag: "old" });
  photo("3", { key: "original/new.jpg", eTag: "new" });
  await handlerWith()({ Records: [replaced] }, lambdaContext());
  expect(s3.object("images/original/old.jpg")).toBeDefined();
});
