// What costs nothing, since no function or no TinyPNG hears of it.

import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { pipeline } from "../../common-pipeline";
import { record } from "../../pipeline";
import { photoOf, upload } from "./common";

const invocations = (activities: readonly { action: string; resource?: string }[]) =>
  activities.filter(({ action }) => action === "Invoke").map(({ resource }) => resource);

describe("what starts nothing", () => {
  it.each(["elsewhere/photo.jpg", "original/photo.jPG", "original/photo.txt", "thumbnails/photo.jpg"])(
    "is an upload to %s",
    async (key) => {
      await pipeline.aws.idle();
      const { activities, stop } = record(pipeline);
      await upload(key, await photoOf("#000000"), { "user-profile-id": "1" });
      await pipeline.aws.idle();
      stop();
      expect(invocations(activities)).toEqual([]);
    },
  );

  it("are twenty edits of a profile that has a photo: no call to TinyPNG, none to S3", async () => {
    await upload("original/29/edited.jpg", await photoOf("#102030"), { "user-profile-id": "29" });
    await pipeline.aws.idle();
    const { activities, stop } = record(pipeline);
    for (let edit = 1; edit <= 20; edit += 1) {
      await pipeline.dynamodb.send(
        new UpdateItemCommand({
          TableName: pipeline.names.table,
          Key: { id: { N: "29" } },
          UpdateExpression: "SET nick = :nick",
          ExpressionAttributeValues: { ":nick": { S: `Goose ${edit}` } },
        }),
      );
    }
    await pipeline.aws.idle();
    stop();
    expect(new Set(invocations(activities))).toEqual(new Set(["CreateThumbnail"]));
    const batches = activities.filter(({ action }) => action === "StreamBatch");
    expect(batches.reduce((sum, { detail }) => sum + Number(detail?.records), 0)).toBe(20);
    expect(activities.filter(({ service }) => service === "tinify" || service === "s3")).toEqual([]);
  });
});
