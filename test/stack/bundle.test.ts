// The zips that the synthesized stack carries, made by bundle.ts.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { strFromU8, unzipSync } from "fflate";
import { type Bundles, bundleFunctions } from "../../stack/bundle";
import { FUNCTION_NAMES } from "../../stack/function-names";
import { synthesizedBundles } from "../pipeline";

const PROJECT_ROOT = join(__dirname, "..", "..");
const MAXIMUM_BYTES = 700 * 1024;

const ENVIRONMENT = {
  PATH: process.env.PATH,
  AWS_REGION: "eu-west-1",
  TABLE_NAME: "user-profile",
  PROFILE_ID_TYPE: "number",
  BUCKET_NAME: "photos",
  FAILURES_BUCKET: "failures",
  TINYPNG_KEY_PARAMETER: "/profile-image/tinypng-key",
  THUMBNAIL_WIDTH: "150",
  THUMBNAIL_HEIGHT: "150",
  THUMBNAIL_METHOD: "fit",
  KEEP_PREVIOUS_THUMBNAILS: "false",
  THUMBNAIL_ENCRYPTION: "bucket-default",
};

/** Outside the project, so that nothing can be loaded from its node_modules. */
const folder = mkdtempSync(join(tmpdir(), "bundle-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(FUNCTION_NAMES)("the bundle of %s", (name) => {
  const { zipFile, codeSha256 } = synthesizedBundles()[name];
  const zip = readFileSync(zipFile);
  const files = () => unzipSync(zip);
  const code = () => strFromU8(files()["index.mjs"] ?? new Uint8Array());

  test("is one module and nothing else: no source map, no file list", () => {
    expect(Object.keys(files())).toEqual(["index.mjs"]);
  });

  test("loads as Lambda loads it, from a real .mjs file with nothing beside it, and has a handler", async () => {
    const file = join(folder, `${name}.mjs`);
    const check = join(folder, `check-${name}.mjs`);
    writeFileSync(file, code());
    // Not `node -e`, which has a global `require` that hides what is missing in the module.
    writeFileSync(check, `import { handler } from ${JSON.stringify(file)};\nconsole.log(typeof handler);\n`);
    const { stdout } = await promisify(execFile)(process.execPath, [check], { env: ENVIRONMENT });
    expect(stdout.trim()).toBe("function");
  });

  test("is small enough for a short cold start", () => {
    expect(Buffer.byteLength(code())).toBeGreaterThan(1000);
    expect(Buffer.byteLength(code())).toBeLessThanOrEqual(MAXIMUM_BYTES);
  });

  test("knows of no other credentials than those that Lambda puts into the environment", () => {
    expect(code()).toContain("AWS_SESSION_TOKEN");
    expect(code()).not.toMatch(/sso_start_url|AWS_WEB_IDENTITY_TOKEN_FILE|AWS_CONTAINER_CREDENTIALS/);
  });

  test("trusts the certificate authorities of its Node, and carries no list of its own", () => {
    expect(code()).not.toContain("BEGIN CERTIFICATE");
  });

  test("says nothing of the machine it was made on", () => {
    const map = readFileSync(join(PROJECT_ROOT, "build", `${name}.mjs.map`), "utf8");
    for (const text of [code(), map]) {
      expect(text).not.toContain(PROJECT_ROOT);
      expect(text).not.toContain(`${homedir()}/`);
    }
    expect(code()).not.toContain("sourceMappingURL");
  });

  test("is known by the hash that Lambda shows for it", () => {
    expect(codeSha256).toBe(createHash("sha256").update(zip).digest("base64"));
  });
});

describe("with the setting events", () => {
  const codeOf = (zipFile = "") => strFromU8(unzipSync(readFileSync(zipFile))["index.mjs"] ?? new Uint8Array());
  let bundles: Bundles;
  beforeAll(async () => {
    bundles = await bundleFunctions({ events: true });
  });

  test("EventBridge's client is in the zips of those who send, and in no zip without it", () => {
    expect(codeOf(bundles.CreateThumbnail.zipFile)).toContain("PutEvents");
    expect(codeOf(bundles.ReportFailure?.zipFile)).toContain("PutEvents");
    for (const name of FUNCTION_NAMES) {
      expect(codeOf(synthesizedBundles()[name].zipFile)).not.toMatch(/PutEvents|PHOTO_EVENTS|IMAGES_BUCKET_ARN/);
    }
  });

  test("SetProfileImage, which sends nothing, is the same", () => {
    expect(bundles.SetProfileImage.codeSha256).toBe(synthesizedBundles().SetProfileImage.codeSha256);
  });

  test("the zips lie apart, so that one who synthesizes without it at the same time gets others", () => {
    expect(Object.values(bundles).map(({ zipFile }) => basename(dirname(zipFile)))).toEqual([
      "events",
      "events",
      "events",
    ]);
  });
});
