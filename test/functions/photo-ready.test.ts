// CreateThumbnail with the setting `events`: an event for each thumbnail that a profile names, at least once.

import { thumbnailIn } from "../../functions/lib/profile-thumbnail";
import { UnusablePhoto } from "../../functions/lib/resize";
import { lambdaContext, thumbnailOf } from "./factories";
import { createThumbnailHarness, sequenceNumberOf, sequenceNumbers } from "./thumbnail-harness";

const { table, resize, photo, streamed, handlerWith, s3 } = createThumbnailHarness();
const sendEvent = jest.fn();
// What the bundle with the setting has as a constant.
process.env.PHOTO_EVENTS = "on";
const handler = handlerWith({ sendEvent });
delete process.env.PHOTO_EVENTS;
const run = (...Records: Parameters<typeof handler>[0]["Records"]) => handler({ Records }, lambdaContext());

const EVENT = {
  type: "Photo ready",
  detail: {
    profileId: "3",
    photo: { key: "original/3.jpg", version: "v-e3" },
    thumbnail: {
      key: "thumbnails/3.jpg",
      width: 1,
      height: 1,
      bytes: thumbnailOf("small photo 3").length,
      type: "image/jpeg",
    },
  },
};

beforeEach(() => {
  sendEvent.mockReset();
});

it("is sent once the profile names the thumbnail, and not again for the change that this is", async () => {
  sendEvent.mockImplementation(async () => {
    expect(thumbnailIn(table.profile("3"))?.key).toBe("thumbnails/3.jpg");
  });
  await run(photo("3"));
  await run(...streamed());
  expect(sendEvent.mock.calls).toEqual([[EVENT, expect.any(AbortSignal)]]);
});

it("is sent again when it could not be: the record comes again, and costs no second credit", async () => {
  sendEvent.mockRejectedValueOnce(new Error("throttled"));
  const record = photo("3");
  expect(sequenceNumbers(await run(record))).toEqual([sequenceNumberOf(record)]);
  expect(thumbnailIn(table.profile("3"))?.key).toBe("thumbnails/3.jpg");
  expect(sequenceNumbers(await run(record))).toEqual([]);
  expect(sendEvent.mock.calls.map(([event]) => event)).toEqual([EVENT, EVENT]);
  expect(resize).toHaveBeenCalledTimes(1);
});

it("is not sent for a photo that another one replaced meanwhile", async () => {
  const record = photo("3");
  resize.mockImplementationOnce(async () => {
    table.put("3", { image: { S: "original/newer.jpg" }, imageVersion: { S: "v-newer" } });
    return { bytes: thumbnailOf("small"), type: "image/jpeg", width: 1, height: 1 };
  });
  await run(record);
  expect(sendEvent).not.toHaveBeenCalled();
});

it("is not sent for a photo that failed for good", async () => {
  const record = photo("3");
  s3.clear();
  expect(sequenceNumbers(await run(record))).toEqual([]);
  expect(sendEvent).not.toHaveBeenCalled();
});

describe("when the event could not be sent, and a newer photo came meanwhile, it is sent all the same", () => {
  /** Its thumbnail is named, and its event was not sent. */
  async function notSent() {
    sendEvent.mockRejectedValueOnce(new Error("throttled"));
    const record = photo("3");
    await run(record);
    sendEvent.mockClear();
    return record;
  }

  it("as long as it is what the profile shows", async () => {
    const record = await notSent();
    photo("3", { key: "original/newer.jpg", eTag: "newer" });
    expect(sequenceNumbers(await run(record))).toEqual([]);
    expect(sendEvent.mock.calls.map(([event]) => event)).toEqual([EVENT]);
  });

  it("also in one batch with the newer one", async () => {
    const record = await notSent();
    const newer = photo("3", { key: "original/newer.jpg", eTag: "newer" });
    resize.mockRejectedValueOnce(new UnusablePhoto("File type is not supported"));
    expect(sequenceNumbers(await run(record, newer))).toEqual([]);
    expect(sendEvent.mock.calls.map(([event]) => event)).toEqual([EVENT]);
    expect(thumbnailIn(table.profile("3"))?.key).toBe("thumbnails/3.jpg");
  });

  it("but not once the profile shows the newer one", async () => {
    const record = await notSent();
    await run(photo("3", { key: "original/newer.jpg", eTag: "newer" }));
    sendEvent.mockClear();
    await run(record);
    expect(sendEvent).not.toHaveBeenCalled();
  });
});
