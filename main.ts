// The app: settings → stack → cdktf.out/stacks/profile-image/cdk.tf.json. `npm run synth` runs it, and so does CDKTF's
// command line; imported, it does nothing.

import { mkdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { App } from "cdktf";
import { bundleFunctions } from "./stack/bundle";
import { ProfileImageStack, stateDirectoryFor } from "./stack/profile-image-stack";
import { readSettings } from "./stack/settings";
import { UserError } from "./stack/user-error";

const STACK_NAME = "profile-image";

/** Synthesizes the stack and returns its directory; honours CDKTF_OUTDIR and CDKTF_CONTEXT_JSON. */
export function synthesize(): string {
  const outdir = resolve(process.env.CDKTF_OUTDIR ?? join(__dirname, "cdktf.out"));
  const settings = readSettings(readContext());
  const bundles = bundleFunctions();
  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir, stackTraces: false });
  const stateDirectory = stateDirectoryFor(outdir, __dirname);
  new ProfileImageStack(app, STACK_NAME, { settings, bundles, stateDirectory });
  app.synth();
  return join(outdir, "stacks", STACK_NAME);
}

/** The context of cdktf.json, overridden by what CDKTF passes, as CDKTF does it. */
function readContext(): Record<string, unknown> {
  const { context = {} } = parse("cdktf.json", readFileSync(join(__dirname, "cdktf.json"), "utf8"));
  if (!isRecord(context))
    throw new UserError(`cdktf.json: "context" must be an object (given ${JSON.stringify(context)})`);
  return { ...context, ...parse("CDKTF_CONTEXT_JSON", process.env.CDKTF_CONTEXT_JSON || "{}") };
}

function parse(name: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${name} is not valid JSON: ${(error as Error).message}`);
  }
  if (!isRecord(value)) throw new UserError(`${name} must be a JSON object (given ${text})`);
  return value;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

if (require.main === module) {
  try {
    console.log(`Synthesized ${relative(process.cwd(), synthesize())}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
