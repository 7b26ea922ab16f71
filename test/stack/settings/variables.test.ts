import { readContext } from "../../../stack/context";
import { readSettings, type Settings } from "../../../stack/settings";
import { RULES } from "../../../stack/settings/rules";
import { variablesOf } from "../../../stack/settings/variables";
import { UserError } from "../../../stack/user-error";

const read = (environment: Record<string, string>) => readSettings(variablesOf(environment));

const EACH: [string, string, Partial<Record<keyof Settings, unknown>>][] = [
  ["REGION", "us-west-2", { region: "us-west-2" }],
  ["STAGE", "dev", { stage: "dev" }],
  ["BUCKET_NAME", "photos", { bucketName: "photos" }],
  ["EXISTING_BUCKET", "their-photos", { existingBucket: "their-photos" }],
  ["TABLE_NAME", "people", { tableName: "people" }],
  ["PROFILE_ID", "string", { profileId: "string" }],
  ["EXISTING_TABLE", "their-people", { existingTable: "their-people" }],
  ["UPLOAD_SUFFIXES", ".jpg, .png", { uploadSuffixes: [".jpg", ".JPG", ".Jpg", ".png", ".PNG", ".Png"] }],
  ["UPLOAD_SUFFIXES", '[".jpg"]', { uploadSuffixes: [".jpg", ".JPG", ".Jpg"] }],
  [
    "UPLOAD_ORIGINS",
    "https://a.example,http://localhost:3000",
    { uploadOrigins: ["https://a.example", "http://localhost:3000"] },
  ],
  ["UPLOAD_ORIGINS", "[]", { uploadOrigins: [] }],
  ["THUMBNAIL_WIDTH", "64", { thumbnail: { width: 64, height: 150, method: "fit" } }],
  ["THUMBNAIL_HEIGHT", "64", { thumbnail: { width: 150, height: 64, method: "fit" } }],
  ["THUMBNAIL_METHOD", "cover", { thumbnail: { width: 150, height: 150, method: "cover" } }],
  ["RESIZER", "account", { resizer: "account" }],
  ["KEEP_PREVIOUS_THUMBNAILS", "true", { keepPreviousThumbnails: true }],
  ["TINYPNG_KEY_VERSION", "20261124", { tinypngKeyVersion: 20_261_124 }],
  ["ORIGINALS_RETENTION_DAYS", "30", { originalsRetentionDays: 30 }],
  ["ORIGINALS", "current", { originals: "current" }],
  ["STRIP_ORIGINALS", "true", { stripOriginals: true }],
  ["FAILURES_RETENTION_DAYS", "90", { failuresRetentionDays: 90 }],
  ["PUBLIC_BUCKET", "true", { publicBucket: true }],
  ["PUBLIC_BUCKET", "false", { publicBucket: false }],
  ["DELIVERY", "cloudfront", { delivery: "cloudfront" }],
  ["CLOUDFRONT_PRICE_CLASS", "PriceClass_All", { cloudfront: { priceClass: "PriceClass_All" } }],
  ["EVENTS", "true", { events: true }],
  ["SET_PROFILE_IMAGE_MEMORY_SIZE", "512", { setProfileImage: { memorySize: 512, timeout: 60 } }],
  ["SET_PROFILE_IMAGE_TIMEOUT", "30", { setProfileImage: { memorySize: 256, timeout: 30 } }],
  [
    "SET_PROFILE_IMAGE_RESERVED_CONCURRENT_EXECUTIONS",
    "5",
    { setProfileImage: { memorySize: 256, timeout: 60, reservedConcurrentExecutions: 5 } },
  ],
  ["CREATE_THUMBNAIL_MEMORY_SIZE", "1024", { createThumbnail: { memorySize: 1024, timeout: 120, batchSize: 10 } }],
  ["CREATE_THUMBNAIL_TIMEOUT", "900", { createThumbnail: { memorySize: 512, timeout: 900, batchSize: 10 } }],
  [
    "CREATE_THUMBNAIL_RESERVED_CONCURRENT_EXECUTIONS",
    "7",
    { createThumbnail: { memorySize: 512, timeout: 120, batchSize: 10, reservedConcurrentExecutions: 7 } },
  ],
  ["CREATE_THUMBNAIL_BATCH_SIZE", "4", { createThumbnail: { memorySize: 512, timeout: 120, batchSize: 4 } }],
  [
    "CREATE_THUMBNAIL_PARALLELIZATION_FACTOR",
    "3",
    { createThumbnail: { memorySize: 512, timeout: 120, batchSize: 10, parallelizationFactor: 3 } },
  ],
  ["LOG_RETENTION_DAYS", "7", { logRetentionDays: 7 }],
  ["ALARM_EMAIL", "on-call@example.com", { alarmEmail: "on-call@example.com" }],
  ["TRACING", "true", { tracing: true }],
  ["STATE_BACKEND", "local", { stateBackend: "local" }],
  ["STATE_BACKEND_BUCKET", "states", { stateBackend: { bucket: "states" } }],
  ["STATE_BACKEND", '{"bucket": "states"}', { stateBackend: { bucket: "states" } }],
  ["THUMBNAIL", '{"width": 64}', { thumbnail: { width: 64, height: 150, method: "fit" } }],
  [
    "THUMBNAILS",
    '[{"name": "card", "width": 64, "height": 64, "method": "fit", "format": "webp"}]',
    { thumbnails: [{ name: "card", width: 64, height: 64, method: "fit", format: "webp" }] },
  ],
  ["CREATE_THUMBNAIL", ' {"timeout": 200}', { createThumbnail: { memorySize: 512, timeout: 200, batchSize: 10 } }],
  ["TAGS", "team=profiles,cost centre=42", { tags: { team: "profiles", "cost centre": "42" } }],
  ["TAGS", '{"team": "profiles"}', { tags: { team: "profiles" } }],
];

test.each(EACH)("PROFILE_IMAGE_%s=%s is a setting", (name, value, expected) => {
  expect(read({ [`PROFILE_IMAGE_${name}`]: value })).toMatchObject(expected);
});

test("a state's bucket may have its key and region too", () => {
  const environment = {
    PROFILE_IMAGE_STATE_BACKEND_BUCKET: "states",
    PROFILE_IMAGE_STATE_BACKEND_KEY: "photos/one.tfstate",
    PROFILE_IMAGE_STATE_BACKEND_REGION: "us-east-1",
  };
  expect(read(environment).stateBackend).toEqual({ bucket: "states", key: "photos/one.tfstate", region: "us-east-1" });
});

test("every setting has a variable", () => {
  const changed = new Set(EACH.flatMap(([, , expected]) => Object.keys(expected)));
  expect([...changed].sort()).toEqual(Object.keys(RULES).sort());
});

test("an empty variable counts as unset, as CI systems pass unset ones", () => {
  expect(read({ PROFILE_IMAGE_STAGE: "", PROFILE_IMAGE_THUMBNAIL_WIDTH: "" })).toEqual(read({}));
});

test("other programs' variables are ignored", () => {
  expect(variablesOf({ PATH: "/bin", PROFILE_IMAGES: "1", STAGE: "dev" })).toEqual([]);
});

test("an unknown variable is refused by name, without its value, which may be a secret", () => {
  const attempt = () => read({ PROFILE_IMAGE_TINYPNG_KEY: "canary" });
  expect(attempt).toThrow(UserError);
  expect(attempt).toThrow(
    /PROFILE_IMAGE_TINYPNG_KEY is not known; known are PROFILE_IMAGE_REGION, PROFILE_IMAGE_STAGE,/,
  );
  expect(attempt).not.toThrow(/canary/);
});

test.each([
  [
    "THUMBNAIL_WIDTH",
    "wide",
    `the setting "thumbnail.width" must be a whole number from 1 to 4096 of pixels (given "wide")`,
  ],
  ["PUBLIC_BUCKET", "yes", `the setting "publicBucket" must be true or false (given "yes")`],
  ["THUMBNAIL", "64", `the setting "thumbnail" must be such as {"width": 150, "height": 150, "method": "fit"}`],
  ["STATE_BACKEND", "remote", `the setting "stateBackend" must be "local", or a bucket such as`],
  ["TAGS", "team", `the setting "tags" must be at most 50 tags`],
  ["LOG_RETENTION_DAYS", "-1", `(given "-1")`],
])("PROFILE_IMAGE_%s=%s is refused, and the variable named", (name, value, message) => {
  const variable = `PROFILE_IMAGE_${name}`;
  expect(() => read({ [variable]: value })).toThrow(UserError);
  expect(() => read({ [variable]: value })).toThrow(`${variable}: `);
  expect(() => read({ [variable]: value })).toThrow(message);
});

test.each([
  ["UPLOAD_SUFFIXES", "[.jpg]"],
  ["TAGS", "{team: profiles}"],
  ["STATE_BACKEND", '{"bucket": "states"'],
])("PROFILE_IMAGE_%s=%s is refused as invalid JSON", (name, value) => {
  const attempt = () => read({ [`PROFILE_IMAGE_${name}`]: value });
  expect(attempt).toThrow(UserError);
  expect(attempt).toThrow(`PROFILE_IMAGE_${name} is not valid JSON: `);
});

test.each([
  ["STAEG", '"PROFILE_IMAGE_STAGE"'],
  ["LOG_RETENTION", '"PROFILE_IMAGE_LOG_RETENTION_DAYS"'],
  ["BACKEND_BUCKET", '"PROFILE_IMAGE_STATE_BACKEND_BUCKET"'],
  ["MEMORY_SIZE", '"PROFILE_IMAGE_SET_PROFILE_IMAGE_MEMORY_SIZE" or "PROFILE_IMAGE_CREATE_THUMBNAIL_MEMORY_SIZE"'],
  ["THUMBNAIL_SIZE", '"PROFILE_IMAGE_THUMBNAIL"'],
])("the variable PROFILE_IMAGE_%s, which is nearly one, is shown as it must be", (name, meant) => {
  expect(() => read({ [`PROFILE_IMAGE_${name}`]: "3" })).toThrow(
    `PROFILE_IMAGE_${name} is not known (did you mean ${meant}?); known are `,
  );
});

test("variables win over CDKTF_CONTEXT_JSON, and that over cdktf.json", () => {
  const project = `${__dirname}/../../..`;
  const passed = JSON.stringify({ region: "us-west-1", stage: "passed", cdktfRelativeModules: ["modules"] });
  const environment = { CDKTF_CONTEXT_JSON: passed, PROFILE_IMAGE_STAGE: "dev" };
  expect(readSettings(readContext(project, environment))).toMatchObject({ region: "us-west-1", stage: "dev" });
  expect(readSettings(readContext(project, {})).region).toBe("eu-west-1");
});
