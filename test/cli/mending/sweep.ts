// `npm run sweep`: what no profile refers to goes, and nothing else.

import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { sweepCommand } from "../../../cli/sweep";
import { pipeline } from "../../common-pipeline";
import { failureKeys, giveUp, reset, upload, whileHeld } from "../operations";
import { run } from "../run";

const NOBODY = { id: { N: "7404" } };
const EIGHT_DAYS_MS = 8 * 24 * 3_600_000;

afterEach(async () => {
  await pipeline.dynamodb.send(new DeleteItemCommand({ TableName: pipeline.names.table, Key: NOBODY }));
  await reset(pipeline);
});

const sweepLater = (...args: string[]) =>
  run(
    sweepCommand(undefined, () => Date.now() + EIGHT_DAYS_MS),
    pipeline,
    ...args,
  );

async function keys(): Promise<string[]> {
  const { Contents = [] } = await pipeline.s3.send(new ListObjectsV2Command({ Bucket: pipeline.names.bucket }));
  return Contents.map(({ Key = "" }) => Key);
}

it("a photo of nobody goes after a week, with its failure record, and is listed before", async () => {
  await upload(pipeline, "7404", "original/nobody.jpg");
  expect((await run(sweepCommand(), pipeline)).lines[0]).toMatch(
    /^0 objects from before .* that no profile refers to\.$/,
  );
  const dry = await sweepLater("--dry-run");
  expect(dry.lines).toEqual([
    expect.stringMatching(
      /^original\/nobody\.jpg {2}profile 7404 {2}there is no such profile {2}.* with 1 failure record$/,
    ),
    expect.stringMatching(/^1 object from before/),
  ]);
  expect(await keys()).toEqual(["original/nobody.jpg"]);
  expect((await sweepLater()).lines.at(-1)).toBe("1 swept, 0 kept.");
  expect([await keys(), await failureKeys(pipeline)]).toEqual([[], []]);
});

it.each([
  [
    "an iPhone's photo, which SetProfileImage refuses",
    "original/iphone.heic.jpg",
    "\0\0\0\x18ftypheic\0\0\0\0mif1heic",
  ],
  ["one that CreateThumbnail cannot read", "original/broken.jpg", "no photo"],
])("a photo that failed goes when its profile has been deleted: %s", async (_what, key, body) => {
  const { dynamodb, names, aws } = pipeline;
  await dynamodb.send(new PutItemCommand({ TableName: names.table, Item: NOBODY }));
  await upload(pipeline, "7404", key, body);
  expect(await failureKeys(pipeline)).toHaveLength(1);
  expect((await sweepLater()).lines.at(-1)).toBe("0 swept, 0 kept.");
  await dynamodb.send(new DeleteItemCommand({ TableName: names.table, Key: NOBODY }));
  await aws.idle();
  expect((await sweepLater()).lines.at(-1)).toBe("1 swept, 0 kept.");
  expect([await keys(), await failureKeys(pipeline)]).toEqual([[], []]);
});

it("what a profile has, had, shows or waits for stays", async () => {
  await upload(pipeline, "1", "original/had.jpg");
  await upload(pipeline, "1", "original/shown.jpg");
  await upload(pipeline, "1", "original/broken.jpg", "no photo");
  await giveUp(pipeline, "SetProfileImage", "2", "original/waits.jpg");
  await giveUp(pipeline, "SetProfileImage", "7404", "original/waits-too.jpg");
  const Body = "somebody's own";
  await pipeline.s3.send(new PutObjectCommand({ Bucket: pipeline.names.bucket, Key: "elsewhere.jpg", Body }));
  const before = await keys();
  expect((await sweepLater()).lines.at(-1)).toBe("0 swept, 0 kept.");
  expect(await keys()).toEqual(before);
});

it("a profile that is made just then keeps its photo", async () => {
  await upload(pipeline, "7404", "original/nobody.jpg");
  await upload(pipeline, "7405", "original/other.jpg");
  const make = async () => {
    await pipeline.dynamodb.send(new PutItemCommand({ TableName: pipeline.names.table, Item: NOBODY }));
  };
  const { lines } = await whileHeld(pipeline, "HEAD original/nobody.jpg", make, () => sweepLater());
  expect(lines.at(-1)).toBe("1 swept, 1 kept.");
  expect(await keys()).toEqual(["original/nobody.jpg"]);
});

it.each(["6h", "7", "0d", "soon"])("an age of %s is a mistake that one sentence says", async (age) => {
  expect((await sweepLater("--older-than", age)).error).toContain("7h or more: until then a photo may be on its way.");
});
