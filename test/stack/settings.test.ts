import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readSettings } from "../../stack/settings";
import { UserError } from "../../stack/user-error";

const DEFAULTS = {
  region: "eu-west-1",
  tableName: "user-profile",
  uploadSuffixes: [".jpg"],
  thumbnail: { width: 150, height: 150, method: "fit" },
  keepPreviousThumbnails: false,
  tinypngKeyVersion: 1,
};

test("no settings give the defaults", () => {
  expect(readSettings({})).toEqual(DEFAULTS);
});

test("cdktf.json comes with the defaults, for users to edit", () => {
  const { context } = JSON.parse(readFileSync(join(__dirname, "..", "..", "cdktf.json"), "utf8"));
  expect(readSettings(context)).toEqual(DEFAULTS);
});

test("what is given replaces its default and nothing else", () => {
  expect(readSettings({ stage: "prod-2", bucketName: "photos", thumbnail: { height: 64 } })).toEqual({
    ...DEFAULTS,
    stage: "prod-2",
    bucketName: "photos",
    thumbnail: { width: 150, height: 64, method: "fit" },
  });
});

test("suffixes that differ in case do not overlap: S3 minds the case", () => {
  expect(readSettings({ uploadSuffixes: [".jpg", ".JPG"] }).uploadSuffixes).toEqual([".jpg", ".JPG"]);
});

test("CDKTF's own values in the context are not settings", () => {
  expect(readSettings({ cdktfRelativeModules: ["modules"] })).toEqual(DEFAULTS);
});

test.each<[string, Record<string, unknown>, string]>([
  ["an unknown name", { regoin: "eu-west-1" }, `"regoin" is not known (given "eu-west-1"); known are region, stage,`],
  ["a name of every object", { constructor: 1 }, `"constructor" is not known (given 1)`],
  [
    "an unknown name within",
    { thumbnail: { depth: 3 } },
    `"thumbnail.depth" is not known (given 3); known are thumbnail.`,
  ],
  [
    "another place for uploads: the prefix is what keeps thumbnails from starting the pipeline",
    { uploadPrefix: "" },
    `"uploadPrefix" is not known (given "")`,
  ],
  ["a suffix that names a folder", { uploadSuffixes: ["/thumbnails/.jpg"] }, `(given ["/thumbnails/.jpg"])`],
  ["an empty suffix", { uploadSuffixes: [""] }, `(given [""])`],
  ["a wrong type", { region: 7 }, `"region" must be an AWS region such as eu-west-1 (given 7)`],
  [
    "a region that is none",
    { region: "Ireland" },
    `"region" must be an AWS region such as eu-west-1 (given "Ireland")`,
  ],
  ["an empty stage", { stage: "" }, `"stage" must be 1 to 16 lower-case letters, digits and hyphens`],
  ["a stage that no bucket may end in", { stage: "Test" }, `(given "Test")`],
  ["null", { stage: null }, `"stage" must be 1 to 16 lower-case letters, digits and hyphens`],
  ["a bucket name with dots", { bucketName: "a.photos" }, `"bucketName" must be 3 to 46 lower-case letters`],
  ["a bucket name that leaves no room for a stage", { bucketName: "b".repeat(47) }, `"bucketName" must be 3 to 46`],
  ["a table name with a space", { tableName: "user profile" }, `"tableName" must be 3 to 200 letters`],
  ["one suffix instead of a list", { uploadSuffixes: ".jpg" }, `"uploadSuffixes" must be a list of suffixes`],
  ["no suffix at all", { uploadSuffixes: [] }, `"uploadSuffixes" must be a list of suffixes`],
  ["a suffix without its dot", { uploadSuffixes: ["jpg"] }, `(given ["jpg"])`],
  ["the same suffix twice", { uploadSuffixes: [".jpg", ".jpg"] }, `none the end of another (given [".jpg",".jpg"])`],
  ["overlapping suffixes", { uploadSuffixes: [".jpg", ".small.jpg"] }, `none the end of another`],
  ["a thumbnail that is no object", { thumbnail: 150 }, `"thumbnail" must be such as {"width": 150`],
  [
    "a version as text",
    { tinypngKeyVersion: "2" },
    `"tinypngKeyVersion" must be a whole number from 1 to 99999999 (given "2")`,
  ],
  ["half a pixel", { thumbnail: { width: 0.5 } }, `"thumbnail.width" must be a whole number of pixels from 1 to 4096`],
  ["no pixels", { thumbnail: { height: 0 } }, `"thumbnail.height" must be a whole number of pixels from 1 to 4096`],
  ["pixels as text", { thumbnail: { height: "150" } }, `(given "150")`],
  [
    "TinyPNG's scale, which takes one side only",
    { thumbnail: { method: "scale" } },
    `must be one of fit, cover, thumb`,
  ],
  [
    "a yes as text",
    { keepPreviousThumbnails: "true" },
    `"keepPreviousThumbnails" must be true or false (given "true")`,
  ],
])("%s is refused with its name, its value and what is allowed", (_case, context, message) => {
  expect(() => readSettings(context)).toThrow(UserError);
  expect(() => readSettings(context)).toThrow(message);
});
