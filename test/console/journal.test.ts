// The journal alone: what it makes of activities, and that it forgets before memory runs out.

import { createJournal } from "../../console/journal";
import { createActivityStream, now } from "../../local/activity";
import { PER_PHOTO, publishPhoto } from "./activities";

const BUCKET = "images";

function start() {
  const activity = createActivityStream();
  const changed: string[] = [];
  const journal = createJournal({ activity, bucket: BUCKET, failuresBucket: "failures" });
  journal.onChange((photoId) => changed.push(photoId));
  return { activity, journal, changed };
}

describe("The journal", () => {
  test("remembers the newest photos, and forgets older ones", () => {
    const { activity, journal } = start();
    const before = process.cpuUsage();
    for (let index = 0; index < 3_000; index++) publishPhoto(activity, BUCKET, index);
    const { user, system } = process.cpuUsage(before);
    const { total, items } = journal.photos(0, 2);
    expect({ total, keys: items.map(({ key }) => key) }).toEqual({
      total: 2_000,
      keys: ["original/2999/photo-2999.jpg", "original/2998/photo-2998.jpg"],
    });
    expect(journal.timeline("upload-0")).toBeUndefined();
    expect(journal.timeline("upload-2999")?.steps).toHaveLength(PER_PHOTO - 2);
    // Microseconds for each activity: what the embedded AWS itself does for one takes some hundred times as long.
    expect((user + system) / (3_000 * PER_PHOTO)).toBeLessThan(1_000);
  });

  test("shows the newest steps of a photo that has very many, and counts the others", () => {
    const { activity, journal } = start();
    publishPhoto(activity, BUCKET, 1);
    for (let index = 0; index < 10_000; index++) {
      const at = now();
      activity.publish({
        at,
        ms: 1,
        service: "s3",
        action: "HeadObject",
        traceId: "trace-1",
        requestId: `more-${index}`,
        resource: `arn:aws:s3:::${BUCKET}/original/1/photo-1.jpg`,
      });
    }
    const timeline = journal.timeline("upload-1");
    expect(timeline?.steps).toHaveLength(200);
    expect(timeline?.earlier).toBe(10_000 + PER_PHOTO - 2 - 200);
  });

  test("takes what is about no photo for none", () => {
    const { activity, journal, changed } = start();
    const at = now();
    activity.publish({
      at,
      service: "lambda",
      action: "Start",
      requestId: "1",
      traceId: "1",
      resource: "SetProfileImage",
      detail: { trigger: "Invoke", payload: "null" },
    });
    activity.publish({
      at,
      service: "lambda",
      action: "Start",
      requestId: "2",
      traceId: "2",
      resource: "SetProfileImage",
      detail: { trigger: "Invoke", payload: '{"Records":[{},{"s3":{"object":{"key":"a"}}}]}' },
    });
    activity.publish({
      at,
      service: "lambda",
      action: "Invoke",
      requestId: "1",
      resource: "SetProfileImage",
      detail: { cold: true },
    });
    activity.publish({
      at,
      service: "s3",
      action: "PutObject",
      requestId: "3",
      resource: `arn:aws:s3:::${BUCKET}/thumbnails/1.jpg`,
    });
    activity.publish({
      at,
      service: "s3",
      action: "PutObject",
      requestId: "4",
      resource: `arn:aws:s3:::${BUCKET}/original/1.jpg`,
      error: "AccessDenied",
    });
    expect(journal.photos(0, 10).total).toBe(0);
    expect(changed).toEqual([]);
  });

  test("hears nothing any more when it is closed", () => {
    const { activity, journal } = start();
    journal.close();
    publishPhoto(activity, BUCKET, 1);
    expect(journal.photos(0, 10).total).toBe(0);
  });
});
