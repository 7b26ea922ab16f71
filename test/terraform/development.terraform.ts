// A development stage on an emulator that nobody here wrote: made by Terraform, it carries a photo with the same zips, is
// what the embedded AWS makes of the same JSON, and goes without a trace.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { type EmbeddedAws, startEmbeddedAws } from "../../local";
import { describeStack } from "./describe-stack";
import { type Emulator, startMiniStack } from "./emulators";
import { getProfile, objectOf, putPhoto, putProfile, type Services, servicesOf } from "./services";
import { synthesize } from "./stacks";
import { Workspace } from "./workspace";

const CONTEXT = { stage: "dev", uploadOrigins: ["https://www.example.com"] };
const BUCKET = "user-profile-images-111122223333-dev";
const FAILURES = "user-profile-failures-111122223333-dev";
const TABLE = "user-profile-dev";
const SAMPLES = join(__dirname, "..", "..", "samples");
const KEY = "a-key";

const folder = mkdtempSync(join(tmpdir(), "embedded "));
let embedded: EmbeddedAws;
let emulator: Emulator;
let services: Services;
let workspace: Workspace;

beforeAll(async () => {
  const stackDirectory = await synthesize(CONTEXT, folder);
  embedded = await startEmbeddedAws({ stackDirectory, variables: { tinypng_key: KEY }, tinypngKey: KEY });
  emulator = await startMiniStack(embedded.account.endpoint);
  services = servicesOf(emulator.endpoint);
  workspace = new Workspace(emulator, KEY);
  await workspace.configure(CONTEXT);
  await workspace.apply();
});

afterAll(async () => {
  await emulator?.stop();
  await embedded?.close();
  workspace?.remove();
  rmSync(folder, { recursive: true });
});

test("a second plan says that nothing changes", async () => {
  expect(await workspace.plan()).toEqual([]);
});

test("Terraform and the embedded AWS make the same of the same JSON", async () => {
  const names = { bucket: BUCKET, failuresBucket: FAILURES, table: TABLE, nameSuffix: "-dev" };
  const here = await describeStack(servicesOf(embedded.account.endpoint), names);
  expect(here).toEqual(await describeStack(services, names));
});

test("the zips carry a photo to its thumbnail", async () => {
  await putProfile(services, TABLE, "1");
  await putPhoto(services, BUCKET, "original/goose.jpg", readFileSync(join(SAMPLES, "goose.jpg")), "1");
  const { width, height, format } = await sharp(await objectOf(services, BUCKET, "thumbnails/goose.jpg")).metadata();
  expect({ width, height, format }).toEqual({ width: 113, height: 150, format: "jpeg" });
  expect(await getProfile(services, TABLE, "1")).toMatchObject({
    name: { S: "Pete Mitchell" },
    image: { S: "original/goose.jpg" },
  });
});

test("it is destroyed with all that is in it", async () => {
  const { code, output } = await workspace.destroy();
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Destroy complete!") });
  expect(await workspace.resources()).toEqual([]);
});
