// Photos that cannot become a thumbnail end as failure records, and nothing else comes of them.

import { CopyObjectCommand } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { onDeployment } from "../../../cli/on-deployment";
import { readFailureRecords } from "../../../operations/failure-records";
import { redriveRecord } from "../../../operations/redrive-record";
import { pipeline } from "../../common-pipeline";
import { failures, photoOf, profile, thumbnails, upload } from "./common";

describe("a photo that cannot become a thumbnail", () => {
  it.each([
    ["of a profile that does not exist", "original/ghost.jpg", "4711"],
    ["with an id that is not a number", "original/odd.jpg", "two"],
  ])("%s ends as a failure record, and makes no profile", async (_what, key, id) => {
    await upload(key, await photoOf("#000000"), { "user-profile-id": id });
    await pipeline.aws.idle();
    expect((await failures()).filter((record) => record.includes(key))).toHaveLength(1);
    expect(await thumbnails(key.replace("original/", ""))).toEqual([]);
    if (id === "4711") expect(await profile(id)).toBeUndefined();
  });

  it("because it says in no way whose it is does so too, and its redrive succeeds when a copy onto itself says it", async () => {
    const { aws, s3, names } = pipeline;
    const Key = "original/nobody.jpg";
    await upload(Key, await photoOf("#654321"), { userProfileId: "30" });
    await aws.idle();
    const recordsOfIt = async () =>
      (await failures()).filter((each) => each.includes(Key)).map((each) => JSON.parse(each));
    expect(await recordsOfIt()).toMatchObject([
      {
        function: "SetProfileImage",
        reason: { code: "NoProfileId", message: expect.stringContaining("userprofileid") },
      },
    ]);
    const redriveIt = async () =>
      onDeployment({ endpointUrl: aws.account.endpoint }, async (deployment) => {
        for await (const each of readFailureRecords(s3, names.failuresBucket)) {
          if (each.events.some(({ key }) => key === Key)) return redriveRecord(deployment, each, true);
        }
        return undefined;
      });
    expect(await redriveIt()).toMatchObject({ state: "failed", why: expect.stringContaining("NoProfileId") });

    const onItself = { Bucket: names.bucket, Key, CopySource: `${names.bucket}/${Key}` };
    const Metadata = { "user-profile-id": "30" };
    await s3.send(new CopyObjectCommand({ ...onItself, Metadata, MetadataDirective: "REPLACE" }));
    await aws.idle();
    expect((await profile("30"))?.image).toEqual({ S: Key });
    expect(await thumbnails("nobody.jpg")).toHaveLength(1);
    expect(await redriveIt()).toMatchObject({ state: "succeeded" });
    expect(await recordsOfIt()).toEqual([]);
  });

  it("because TinyPNG does not take its format does so too, and its profile keeps the photo that it has", async () => {
    const metadata = { "user-profile-id": "79" };
    const avif = sharp(await photoOf("#123456", 60, 90)).avif();
    await upload("original/79/first.avif", await avif.toBuffer(), metadata);
    await pipeline.aws.idle();
    const gif = sharp(await photoOf("#654321", 60, 90)).gif();
    await upload("original/79/second.GIF", await gif.toBuffer(), metadata);
    await pipeline.aws.idle();
    const records = (await failures()).filter((each) => each.includes("original/79/")).map((each) => JSON.parse(each));
    expect(records).toMatchObject([
      { profileId: "79", reason: { code: "UnsupportedFormat", message: expect.stringContaining("is GIF") } },
    ]);
    expect((await profile("79"))?.image).toEqual({ S: "original/79/first.avif" });
    expect(await thumbnails("79/")).toMatchObject([{ Key: "thumbnails/79/first.avif" }]);
  });

  it("because it is not an image ends as a failure record, and does not hold up the others", async () => {
    await upload("original/broken.jpg", Buffer.from("this is not a photo"), { "user-profile-id": "31" });
    await upload("original/sound.jpg", await photoOf("#abcdef"), { "user-profile-id": "32" });
    await pipeline.aws.idle();
    expect((await failures()).filter((record) => record.includes("original/broken.jpg"))).toHaveLength(1);
    expect(await thumbnails("sound.jpg")).toHaveLength(1);
  });
});
