// Before these tests: the tools are there or it is said what is missing (exit code 2), the provider is found, the packages
// are installed. What the tests need to know of it travels in environment variables.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { cdktf } from "@cdktf/provider-aws/package.json";
import { findProvider, terraformVersion } from "./provider";
import { installPackages, missingTools } from "./tools";

const FOLDER = join(__dirname, "..", "..", "build", "terraform-tests");

export default async function setup(): Promise<void> {
  const missing = await missingTools();
  if (missing.length > 0) {
    for (const sentence of missing) console.error(sentence);
    process.exit(2);
  }
  mkdirSync(FOLDER, { recursive: true });
  const provider = await findProvider(cdktf.provider.version, FOLDER);
  await installPackages();
  process.env.TEST_PROVIDER_VERSION = provider.version;
  process.env.TEST_PROVIDER_MIRROR = provider.mirror ?? "";
  process.env.TF_CLI_CONFIG_FILE = provider.configurationFile;
  process.env.CHECKPOINT_DISABLE = "1";
  process.stderr.write(`${await terraformVersion()}, provider hashicorp/aws ${provider.version}\n`);
}
