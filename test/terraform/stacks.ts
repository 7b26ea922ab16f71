// Stacks as `npm run synth` writes them, with the real zips, made fit for the provider that judges.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { type Bundles, bundleFunctions } from "../../stack/bundle";
import { ProfileImageStack } from "../../stack/profile-image-stack";
import { readSettings } from "../../stack/settings";
import { forProvider, type StackJson } from "./provider";

/** As under "context" in cdktf.json. */
export type Context = Readonly<Record<string, unknown>>;

const STACK = "stack";

const bundling = new Map<string, Promise<Bundles>>();

/**
 * Synthesizes a stack.
 * @param outdir is emptied before
 * @returns the folder for Terraform, with its state beside it when the context leaves the state local
 */
export async function synthesize(context: Context, outdir: string): Promise<string> {
  const settings = readSettings([{ name: "cdktf.json", values: context }]);
  const { events, resizer } = settings;
  const kind = JSON.stringify({ events, resizer });
  const bundled = bundling.get(kind) ?? bundleFunctions(settings);
  bundling.set(kind, bundled);
  const bundles = await bundled;
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir, stackTraces: false });
  new ProfileImageStack(app, STACK, { settings, bundles, stateDirectory: "." });
  app.synth();
  const directory = join(outdir, "stacks", STACK);
  rewrite(directory, (json) => forProvider(json, { version: required("TEST_PROVIDER_VERSION") }));
  return directory;
}

/** Changes the JSON of a stack's folder. */
export function rewrite(directory: string, change: (json: StackJson) => StackJson): void {
  const file = join(directory, "cdk.tf.json");
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, "utf8"))), null, 2));
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: these tests run by "npm run test:terraform"`);
  return value;
}
