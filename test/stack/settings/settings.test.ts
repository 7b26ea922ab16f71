import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULTS, readSettings } from "../../../stack/settings";
import { UserError } from "../../../stack/user-error";

const read = (...contexts: Record<string, unknown>[]) =>
  readSettings(contexts.map((values, index) => ({ name: `source ${index + 1}`, values })));

const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/7b5a2c1e-90f4-4d0a-8a8e-0c1d2e3f4a5b";

const { uploadSuffixes: _, ...OTHER_DEFAULTS } = DEFAULTS;

test("no settings give the defaults", () => {
  expect(read()).toMatchObject(OTHER_DEFAULTS);
  expect(read({})).toEqual(read());
});

test("cdktf.json comes with the defaults, for users to edit", () => {
  const { context } = JSON.parse(readFileSync(join(__dirname, "..", "..", "..", "cdktf.json"), "utf8"));
  expect(read(context)).toEqual(read());
});

test("what is given replaces its default and nothing else", () => {
  expect(read({ stage: "prod-2", bucketName: "photos", thumbnail: { height: 64 } })).toMatchObject({
    ...OTHER_DEFAULTS,
    stage: "prod-2",
    bucketName: "photos",
    thumbnail: { width: 150, height: 64, method: "fit" },
  });
});

const CARD = { name: "card", width: 150, height: 100, method: "cover", format: "original" };
const SMALL = { name: "small", width: 64, height: 64, method: "fit", format: "webp" };

test("of several thumbnails the first is the thumbnail, and they take the place of the one in an earlier source", () => {
  const settings = read({ thumbnail: { width: 300 } }, { thumbnails: [CARD, SMALL] });
  expect(settings.thumbnails).toEqual([CARD, SMALL]);
  expect(settings.thumbnail).toEqual({ width: 150, height: 100, method: "cover" });
});

test.each([
  ["in one source", [{ thumbnail: { width: 64 }, thumbnails: [CARD] }], "source 1"],
  ["in a later one", [{ thumbnails: [CARD] }, {}, { thumbnail: { width: 64 } }], "source 3"],
])("one thumbnail beside several is refused, %s", (_where, sources, name) => {
  expect(() => read(...sources)).toThrow(
    `${name}: the setting "thumbnail" is the short form of "thumbnails" for one size, so only one of them can be given (given {"width":64} and [${JSON.stringify(CARD)}])`,
  );
});

test("a later source wins, within groups field by field", () => {
  const settings = read(
    { stage: "dev", thumbnail: { width: 64 }, tags: { team: "a", cost: "b" }, stateBackend: { bucket: "states" } },
    { stage: "test", thumbnail: { height: 32 }, tags: { team: "c" }, stateBackend: { region: "us-east-1" } },
  );
  expect(settings).toMatchObject({ stage: "test", thumbnail: { width: 64, height: 32, method: "fit" } });
  expect(settings.stateBackend).toEqual({ bucket: "states", region: "us-east-1" });
  expect(settings.tags).toEqual({ team: "c" });
});

test("a bucket for the state gives way to the local state", () => {
  expect(read({ stateBackend: { bucket: "states" } }, { stateBackend: "local" }).stateBackend).toBe("local");
});

describe("upload suffixes", () => {
  test("come in the cases that people write", () => {
    expect(read({ uploadSuffixes: [".jpg", ".Small.png"] }).uploadSuffixes).toEqual([
      ".jpg",
      ".JPG",
      ".Jpg",
      ".Small.png",
      ".small.png",
      ".SMALL.PNG",
      ".Small.Png",
    ]);
  });

  test("may be as many as S3 has filters for", () => {
    const suffixes = (count: number) => Array.from({ length: count }, (_each, index) => `.jp${10 + index}`);
    expect(read({ uploadSuffixes: suffixes(33) }).uploadSuffixes).toHaveLength(99);
    expect(() => read({ uploadSuffixes: suffixes(34) })).toThrow(`"uploadSuffixes" must be a list of suffixes`);
  });
});

const REFUSED: [string, Record<string, unknown>, string][] = [
  [
    "an unknown name",
    { regoin: "eu-west-1" },
    `"regoin" is not known (given "eu-west-1") (did you mean "region"?); known are region, stage,`,
  ],
  ["a name of every object", { constructor: 1 }, `"constructor" is not known (given 1)`],
  [
    "an unknown name within",
    { thumbnail: { depth: 3 } },
    `"thumbnail.depth" is not known (given 3); known are thumbnail.`,
  ],
  ["another place for uploads, which could start itself", { uploadPrefix: "" }, `"uploadPrefix" is not known`],
  ["another place for thumbnails", { thumbnail: { prefix: "original/" } }, `"thumbnail.prefix" is not known`],
  ["a suffix that names a folder", { uploadSuffixes: ["/thumbnails/.jpg"] }, `(given ["/thumbnails/.jpg"])`],
  ["an empty suffix", { uploadSuffixes: [""] }, `(given [""])`],
  ["a wrong type", { region: 7 }, `"region" must be an AWS region such as eu-west-1 (given 7)`],
  ["an unknown region", { region: "Ireland" }, `"region" must be an AWS region such as eu-west-1 (given "Ireland")`],
  ["an empty stage", { stage: "" }, `"stage" must be 1 to 16 lower-case letters, digits and hyphens`],
  ["a stage that no bucket may end in", { stage: "Test" }, `(given "Test")`],
  ["null", { stage: null }, `"stage" must be 1 to 16 lower-case letters, digits and hyphens`],
  ["a bucket name with dots", { bucketName: "a.photos" }, `"bucketName" must be 3 to 46 lower-case letters`],
  ["a bucket name that leaves no room for a stage", { bucketName: "b".repeat(47) }, `"bucketName" must be 3 to 46`],
  ...["xn--photos", "sthree-photos", "amzn-s3-demo-photos", "photos-s3alias", "photos--ol-s3", "photos-an"].map(
    (bucketName): [string, Record<string, unknown>, string] => [
      "a bucket name that S3 keeps for itself",
      { bucketName },
      "nothing that S3 keeps for itself (xn--…, sthree-…, amzn-s3-demo-…, …-s3alias, ",
    ],
  ),
  ...["xn--photos", "photos-s3alias", "photos.mrap", "photos--x-s3", "photos--table-s3", "a..b", "10.0.0.7"].map(
    (existingBucket): [string, Record<string, unknown>, string] => [
      "a name that no bucket can have",
      { existingBucket },
      `"existingBucket" must be the name of a bucket`,
    ],
  ),
  [
    "a state in a bucket that cannot be",
    { stateBackend: { bucket: "states-s3alias" } },
    `must be the name of a bucket`,
  ],
  ["a stage that would end a bucket's name as S3 keeps for itself", { stage: "s3alias" }, `"stage" must be 1 to 16`],
  ["a stage like those of buckets in the account's own namespace", { stage: "dev-an" }, `(such as s3alias or an)`],
  ["an ARN instead of a bucket's name", { existingBucket: "arn:aws:s3:::photos" }, `"existingBucket" must be the name`],
  ["a table name with a space", { tableName: "user profile" }, `"tableName" must be 3 to 200 letters`],
  ["a table as an object", { existingTable: { name: "people" } }, `"existingTable" must be the name of a table`],
  ["one suffix instead of a list", { uploadSuffixes: ".jpg" }, `"uploadSuffixes" must be a list of suffixes`],
  ["no suffix at all", { uploadSuffixes: [] }, `"uploadSuffixes" must be a list of suffixes`],
  ["a suffix without its dot", { uploadSuffixes: ["jpg"] }, `(given ["jpg"])`],
  ["a suffix that is not a string", { uploadSuffixes: [[".jpg"]] }, `(given [[".jpg"]])`],
  ["the same suffix twice", { uploadSuffixes: [".jpg", ".jpg"] }, `none the end of another`],
  ["the same suffix in another case", { uploadSuffixes: [".jpg", ".JPG"] }, `(given [".jpg",".JPG"])`],
  ["overlapping suffixes", { uploadSuffixes: [".jpg", ".small.jpg"] }, `none the end of another`],
  ["suffixes whose other cases overlap", { uploadSuffixes: [".JPG", ".small.jpg"] }, `none the end of another`],
  [
    "an origin with a path",
    { uploadOrigins: ["https://example.com/"] },
    `"uploadOrigins" must be a list of web origins`,
  ],
  ["every origin", { uploadOrigins: ["*"] }, `(given ["*"])`],
  ["a thumbnail that is not an object", { thumbnail: 150 }, `"thumbnail" must be such as {"width": 150`],
  ["half a pixel", { thumbnail: { width: 0.5 } }, `"thumbnail.width" must be a whole number from 1 to 4096 of pixels`],
  ["no pixels", { thumbnail: { height: 0 } }, `"thumbnail.height" must be a whole number from 1 to 4096 of pixels`],
  ["several thumbnails that are none", { thumbnails: [] }, `"thumbnails" must be a list of 1 to 8 sizes`],
  ["several thumbnails that are no list", { thumbnails: CARD }, `"thumbnails" must be a list of 1 to 8 sizes`],
  ["nine thumbnails", { thumbnails: "abcdefghi".split("").map((name) => ({ ...CARD, name })) }, `1 to 8 sizes`],
  ["two thumbnails of one name", { thumbnails: [CARD, CARD] }, `sizes with different names`],
  ["a size that is a number", { thumbnails: [CARD, 64] }, `"thumbnails[1]" must be a size, with name, width, height`],
  [
    "a name that is a folder of profiles",
    { thumbnails: [{ ...CARD, name: "64" }] },
    `"thumbnails[0].name" must be 1 to 31 lower-case letters, digits and hyphens, a letter first (given "64")`,
  ],
  ["a size without its format", { thumbnails: [{ ...CARD, format: undefined }] }, `"thumbnails[0].format" must be`],
  [
    "a size without its width",
    { thumbnails: [{ name: "card", height: 9, method: "fit", format: "png" }] },
    `"thumbnails[0].width" must be given: a whole number from 1 to 4096 of pixels (given {"name":"card"`,
  ],
  ["a format that nobody makes", { thumbnails: [{ ...CARD, format: "gif" }] }, `original, jpeg, webp, avif, png`],
  [
    "a misspelt field",
    { thumbnails: [{ ...CARD, widht: 9 }] },
    `"thumbnails[0].widht" is not known (given 9) (did you mean "thumbnails[0].width"?)`,
  ],
  ["pixels as text", { thumbnail: { height: "150" } }, `(given "150")`],
  [
    "TinyPNG's scale, which takes one side only",
    { thumbnail: { method: "scale" } },
    `must be one of fit, cover, thumb`,
  ],
  ["a yes as text", { keepPreviousThumbnails: "true" }, `must be true or false (given "true")`],
  ["a version as text", { tinypngKeyVersion: "2" }, `must be a whole number from 1 to 99999999`],
  [
    "photos that are gone at once",
    { originalsRetentionDays: 0 },
    `"originalsRetentionDays" must be a whole number from 1`,
  ],
  ["public by a word", { publicBucket: "no" }, `"publicBucket" must be true or false (given "no")`],
  ["too little memory for Lambda", { setProfileImage: { memorySize: 64 } }, `must be a whole number from 128 to 10240`],
  [
    "too little memory for five photos",
    { createThumbnail: { memorySize: 256 } },
    `must be a whole number from 512 to 10240 of megabytes (it holds five photos of up to 64 MB at once) (given 256)`,
  ],
  [
    "too little time for TinyPNG",
    { createThumbnail: { timeout: 60 } },
    `must be a whole number from 75 to 900 of seconds (resizing one photo may take 45 of them) (given 60)`,
  ],
  ["too little time for two calls", { setProfileImage: { timeout: 3 } }, `must be a whole number from 21 to 900`],
  ["more time than Lambda has", { createThumbnail: { timeout: 901 } }, `(given 901)`],
  [
    "a concurrency that lets nothing run",
    { createThumbnail: { reservedConcurrentExecutions: 0 } },
    `must be a whole number from 1 to 1000 of instances at a time (given 0)`,
  ],
  [
    "a batch that would be waited for",
    { createThumbnail: { batchSize: 11 } },
    `must be a whole number from 1 to 10 of changes of profiles in one invocation (given 11)`,
  ],
  [
    "more batches of a shard than Lambda works on",
    { createThumbnail: { parallelizationFactor: 11 } },
    `must be a whole number from 1 to 10 of batches of one shard at a time (given 11)`,
  ],
  [
    "a batch size of the function that no stream calls",
    { setProfileImage: { batchSize: 5 } },
    `the setting "setProfileImage.batchSize" is not known`,
  ],
  [
    "a retention that CloudWatch does not have",
    { logRetentionDays: 31 },
    `"logRetentionDays" must be one of 1, 3, 5, 7,`,
  ],
  ["an e-mail address without a host", { alarmEmail: "on-call" }, `"alarmEmail" must be an e-mail address`],
  ["an e-mail address with a Terraform template", { alarmEmail: "${x}@example.com" }, `must be an e-mail address`],
  ["tracing by a word", { tracing: "Active" }, `"tracing" must be true or false`],
  ["an unknown backend", { stateBackend: "remote" }, `"stateBackend" must be "local", or a bucket such as`],
  [
    "a backend without a bucket",
    { stateBackend: { key: "a.tfstate" } },
    `The setting "stateBackend.bucket" is missing`,
  ],
  [
    "a key that no stage can be added to",
    { stateBackend: { bucket: "states", key: "a" } },
    `a key that ends in .tfstate`,
  ],
  ["tags as a list", { tags: ["team"] }, `"tags" must be at most 50 tags`],
  ["AWS's own tags", { tags: { "aws:team": "a" } }, `names not starting with aws:`],
  ["a tag that Terraform would read", { tags: { team: "${var.tinypng_key}" } }, `"tags" must be at most 50 tags`],
  [
    "a public bucket that is someone else's",
    { existingBucket: "photos", publicBucket: true },
    `"existingBucket" and "publicBucket" do not go together (given "photos" and true)`,
  ],
  [
    "CORS of someone else's bucket",
    { existingBucket: "photos", uploadOrigins: ["https://a.example"] },
    `"uploadOrigins" do not`,
  ],
  [
    "a delivery by somebody else",
    { delivery: "fastly" },
    `"delivery" must be one of none, cloudfront (given "fastly")`,
  ],
  [
    "an unknown price class",
    { cloudfront: { priceClass: "100" } },
    `"cloudfront.priceClass" must be one of PriceClass_100, PriceClass_200, PriceClass_All (given "100")`,
  ],
  [
    "a URL for a domain",
    { cloudfront: { domain: "https://faces.example.com" } },
    `"cloudfront.domain" must be a domain name such as faces.example.com`,
  ],
  [
    "a certificate of another region",
    {
      cloudfront: {
        certificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/7b5a2c1e-90f4-4d0a-8a8e-0c1d2e3f4a5b",
      },
    },
    `"cloudfront.certificateArn" must be the ARN of a certificate of ACM in us-east-1`,
  ],
  [
    "a domain without its certificate",
    { delivery: "cloudfront", cloudfront: { domain: "faces.example.com" } },
    `(given "cloudfront.domain" "faces.example.com" without "cloudfront.certificateArn")`,
  ],
  [
    "a certificate without its domain",
    { delivery: "cloudfront", cloudfront: { certificateArn: CERTIFICATE } },
    `without "cloudfront.domain")`,
  ],
  [
    "a domain of no delivery",
    { cloudfront: { domain: "faces.example.com", certificateArn: CERTIFICATE } },
    `"cloudfront.domain" needs "delivery": "cloudfront" (given "faces.example.com" and "delivery": "none")`,
  ],
  ["a lifecycle of someone else's bucket", { existingBucket: "photos", originalsRetentionDays: 9 }, `are its owner's`],
];

test.each(REFUSED)("%s is refused with its name, its value and what is allowed", (_case, context, message) => {
  expect(() => read(context)).toThrow(UserError);
  expect(() => read(context)).toThrow(message);
});

test("a mistake names its source", () => {
  expect(() => read({}, { region: 7 })).toThrow(`source 2: the setting "region" must be`);
});

test.each(["eu-west-1", "us-gov-west-1", "us-isob-east-1", "cn-north-1", "mx-central-1", "eusc-de-east-1"])(
  "%s is a region",
  (region) => {
    expect(read({ region, stateBackend: { bucket: "states", region } })).toMatchObject({ region });
  },
);

test("a bucket of the account's own namespace may be used", () => {
  const existingBucket = "photos-123456789012-eu-west-1-an";
  expect(read({ existingBucket })).toMatchObject({ existingBucket });
});

test.each([
  [{ existingBuckt: "photos" }, 'known (given "photos") (did you mean "existingBucket"?);'],
  [{ ThumbNail: {} }, '(did you mean "thumbnail"?);'],
  [{ thumbnail: { widht: 1 } }, '(given 1) (did you mean "thumbnail.width"?);'],
  [{ originalsRetention: 7 }, '(given 7) (did you mean "originalsRetentionDays"?);'],
  [
    { retentionDays: 7 },
    '(given 7) (did you mean "originalsRetentionDays" or "failuresRetentionDays" or "logRetentionDays"?);',
  ],
  [{ awsRegion: "eu-west-1" }, '(did you mean "region"?);'],
  [{ stateBackend: { bucketName: "states" } }, '(did you mean "stateBackend.bucket"?);'],
  [{ name: "photos" }, '(given "photos") (did you mean "bucketName" or "tableName"?);'],
  [{ colour: "red" }, 'known (given "red"); known are'],
])("an unknown name is compared with those that are known: %j", (values, message) => {
  expect(() => read(values)).toThrow(message);
});
