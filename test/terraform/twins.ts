// The same stack twice: made by Terraform on an emulator that nobody here wrote, and by the embedded AWS from the same
// JSON. Both must tell the same of it, and on both the zips must carry a photo to its thumbnail.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { type ExistingResources, startEmbeddedAws } from "../../local";
import { describeStack, type StackNames } from "./describe-stack";
import { ACCOUNT, type Emulator, startMiniStack } from "./emulators";
import { getProfile, objectOf, putPhoto, putProfile, type Services, servicesOf } from "./services";
import { type Context, synthesize } from "./stacks";
import { Workspace } from "./workspace";

const SAMPLES = join(__dirname, "..", "..", "samples");
const KEY = "a-key";

export interface Twins {
  readonly emulator: Emulator;
  /** The emulator's. */
  readonly services: Services;
  /** Terraform's, of the stack on the emulator. */
  readonly workspace: Workspace;
  /** What the embedded AWS makes of a stack, as {@link describeStack} tells it. */
  describeHere(context: Context, names: StackNames, existing?: ExistingResources): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** Starts the emulator, with a TinyPNG; the stack is yet to be configured and applied. */
export async function startTwins(): Promise<Twins> {
  // For the emulator's functions, as long as it runs.
  const tinypng = await startEmbeddedAws({ tinypngKey: KEY });
  const emulator = await startMiniStack(tinypng.account.endpoint);
  const workspace = new Workspace(emulator, KEY);
  return {
    emulator,
    services: servicesOf(emulator.endpoint),
    workspace,
    describeHere: describeEmbedded,
    async close() {
      await emulator.stop();
      await tinypng.close();
      workspace.remove();
    },
  };
}

/** What the embedded AWS makes of a stack by itself, as {@link describeStack} tells it. */
export const describeEmbedded = (context: Context, names: StackNames, existing?: ExistingResources) =>
  onEmbedded(context, (endpoint) => describeStack(servicesOf(endpoint), names), existing);

/** Has the embedded AWS apply a stack by itself, and tells what a description finds there. */
export async function onEmbedded<T>(
  context: Context,
  describe: (endpoint: string) => Promise<T>,
  existing?: ExistingResources,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "embedded "));
  const stackDirectory = await synthesize(context, folder);
  const here = await startEmbeddedAws({ stackDirectory, existing, variables: { tinypng_key: KEY }, tinypngKey: KEY });
  try {
    return await describe(here.account.endpoint);
  } finally {
    await here.close();
    rmSync(folder, { recursive: true });
  }
}

/** What a stack is called in the account of the tests. */
export const namesOf = (stage?: string): StackNames => {
  const nameSuffix = stage === undefined ? "" : `-${stage}`;
  return {
    bucket: `user-profile-images-${ACCOUNT}${nameSuffix}`,
    failuresBucket: `user-profile-failures-${ACCOUNT}${nameSuffix}`,
    table: `user-profile${nameSuffix}`,
    nameSuffix,
  };
};

/** Uploads a sample for a new profile, and reads what has become of it on the emulator. */
export async function carryPhoto({ services }: Pick<Twins, "services">, { bucket, table }: StackNames) {
  await putProfile(services, table, "7");
  await putPhoto(services, bucket, "original/goose.jpg", readFileSync(join(SAMPLES, "goose.jpg")), "7");
  const thumbnail = await objectOf(services, bucket, "thumbnails/goose.jpg");
  const { width, height, format } = await sharp(thumbnail).metadata();
  const named = async () => (await getProfile(services, table, "7"))?.thumbnail?.M?.key?.S;
  for (let tries = 0; (await named()) === undefined && tries < 100; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { width, height, format, profile: await getProfile(services, table, "7") };
}

/** What a profile says of that photo. */
export const CARRIED = {
  name: { S: "Pete Mitchell" },
  image: { S: "original/goose.jpg" },
  thumbnail: { M: expect.objectContaining({ key: { S: "thumbnails/goose.jpg" }, type: { S: "image/jpeg" } }) },
};
