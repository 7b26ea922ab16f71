// The app: settings → stack → cdktf.out/stacks/profile-image/cdk.tf.json. `npm run synth` runs it, and so does CDKTF's
// command line; imported, it does nothing.

import { mkdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { priceOfSeveral } from "./costs/several-thumbnails";
import { readContext } from "./stack/context";
import { readSettings } from "./stack/settings";
import { stackNameOf } from "./stack/stack-name";
import { UserError } from "./stack/user-error";

const USAGE = `Usage: npm run synth

Writes the Terraform stack with the functions' zips to cdktf.out/stacks/profile-image, with the stage and the
bucket of the state in the folder's name where these are set.
The settings are in cdktf.json under "context", and docs/settings.md explains them.

Environment:
  CDKTF_OUTDIR        the output folder, instead of cdktf.out
  CDKTF_CONTEXT_JSON  settings as JSON, which come before those of cdktf.json
  PROFILE_IMAGE_…     one setting each, which come before all others: PROFILE_IMAGE_STAGE, PROFILE_IMAGE_THUMBNAIL_WIDTH`;

const PUBLIC_BUCKET =
  'Warning: with the setting "publicBucket" everyone in the world may read, replace and delete every photo and thumbnail.';

/** Synthesizes the stack and returns its directory; honours CDKTF_OUTDIR and CDKTF_CONTEXT_JSON. */
export async function synthesize(): Promise<string> {
  const outdir = resolve(process.env.CDKTF_OUTDIR ?? join(__dirname, "cdktf.out"));
  const settings = readSettings(readContext(__dirname));
  if (settings.publicBucket) console.warn(PUBLIC_BUCKET);
  const price = priceOfSeveral(settings);
  if (price !== undefined) console.warn(price);
  // Here and below: not loaded for --help or before what a user may have got wrong; CDKTF, while esbuild bundles.
  const { bundleFunctions }: typeof import("./stack/bundle") = require("./stack/bundle");
  const bundling = bundleFunctions(settings);
  const { App }: typeof import("cdktf") = require("cdktf");
  const { ProfileImageStack }: typeof import("./stack/profile-image-stack") = require("./stack/profile-image-stack");
  const { stateDirectoryFor }: typeof import("./stack/state") = require("./stack/state");
  const bundles = await bundling;
  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir, stackTraces: false });
  const stateDirectory = stateDirectoryFor(outdir, __dirname);
  const name = stackNameOf(settings);
  new ProfileImageStack(app, name, { settings, bundles, stateDirectory });
  app.synth();
  return join(outdir, "stacks", name);
}

async function run([argument]: readonly string[]): Promise<void> {
  if (argument === undefined) console.log(`Synthesized ${relative(process.cwd(), await synthesize())}`);
  else if (argument === "--help" || argument === "-h") console.log(USAGE);
  else throw new UserError(`The argument "${argument}" is not known; only --help is`);
}

/** What Node says of files that are missing, unreadable or in the way names the file. */
const isForTheUser = (error: unknown): error is Error =>
  error instanceof UserError || (error instanceof Error && "syscall" in error);

if (require.main === module) {
  run(process.argv.slice(2)).catch((error: unknown) => {
    if (!isForTheUser(error)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  });
}
