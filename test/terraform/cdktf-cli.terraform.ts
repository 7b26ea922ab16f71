// `cdktf diff`, `deploy` and `destroy` by the letter, for those who have CDKTF's command line. It comes through npm at the
// version of the library; the project's own commands do without it.

import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { dependencies } from "../../package.json";
import { APP_PARTS } from "../app-parts";
import { clientEnvironment, type Emulator, startMiniStack } from "./emulators";
import { must } from "./run";
import { TERRAFORM } from "./tools";

const PROJECT_ROOT = join(__dirname, "..", "..");
const PARTS = [...APP_PARTS, "cli", "package-lock.json", "tsconfig.json"];

const cache = mkdtempSync(join(tmpdir(), "cdktf-plugins-"));
const folder = mkdtempSync(join(tmpdir(), "cdktf-cli-"));
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startMiniStack();
  for (const part of PARTS) cpSync(join(PROJECT_ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(PROJECT_ROOT, "node_modules"), join(folder, "node_modules"));
  const settings = JSON.parse(readFileSync(join(PROJECT_ROOT, "cdktf.json"), "utf8"));
  // The app as it is, and then what the provider at hand does not know is taken out.
  const app = `${settings.app} && node -r ./cli/typescript.js fit-provider.ts`;
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ ...settings, app }));
  mkdirSync(join(folder, "test", "terraform"), { recursive: true });
  for (const file of ["provider.ts", "run.ts", "tools.ts"]) {
    cpSync(join(__dirname, file), join(folder, "test", "terraform", file));
  }
  writeFileSync(join(folder, "fit-provider.ts"), FIT_PROVIDER);
  const wrapper = join(folder, "terraform.sh");
  writeFileSync(wrapper, TERRAFORM_WRAPPER);
  chmodSync(wrapper, 0o755);
});

afterAll(async () => {
  await emulator?.stop();
  for (const each of [folder, cache]) rmSync(each, { recursive: true });
});

const FIT_PROVIDER = `
import { readFileSync, writeFileSync } from "node:fs";
import { forProvider } from "./test/terraform/provider";
const file = "cdktf.out/stacks/profile-image-dev/cdk.tf.json";
const version = String(process.env.TEST_PROVIDER_VERSION);
writeFileSync(file, JSON.stringify(forProvider(JSON.parse(readFileSync(file, "utf8")), { version })));
`;

/** CDKTF's command line locks providers itself, which looks past Terraform's configuration for a mirror. */
const TERRAFORM_WRAPPER = `#!/bin/sh
if [ "$1 $2" = "providers lock" ] && [ -n "$TEST_PROVIDER_MIRROR" ]; then
  shift 2
  exec ${TERRAFORM} providers lock "-fs-mirror=$TEST_PROVIDER_MIRROR" "$@"
fi
exec ${TERRAFORM} "$@"
`;

/** @returns what it prints, without colours */
async function cdktf(...args: string[]): Promise<string> {
  const { output } = await must(
    "npm",
    ["exec", "--yes", `--package=cdktf-cli@${dependencies.cdktf}`, "--", "cdktf", ...args],
    {
      cwd: folder,
      env: {
        ...clientEnvironment(emulator),
        PROFILE_IMAGE_STAGE: "dev",
        TERRAFORM_BINARY_NAME: join(folder, "terraform.sh"),
        TF_VAR_tinypng_key: "a-key",
        // Else in the home folder, where the next run would take it for a mirror.
        TF_PLUGIN_CACHE_DIR: cache,
        CI: "true",
      },
    },
  );
  return stripVTControlCharacters(output);
}

test("diff says what deploy does and destroy undoes", async () => {
  expect(await cdktf("diff")).toMatch(/Plan: 33 to add, 0 to change, 0 to destroy/);
  expect(await cdktf("deploy", "--auto-approve")).toMatch(/Apply complete! Resources: 33 added/);
  expect(await cdktf("destroy", "--auto-approve")).toMatch(/Destroy complete! Resources: 33 destroyed/);
});
