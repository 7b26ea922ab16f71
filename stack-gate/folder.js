// The folder that Terraform is started in, and what it would load from there.

const { existsSync, lstatSync, readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const { complaintsOf } = require("./check.js");
const { complaintsOfProtection } = require("./protection.js");
const { quoted } = require("./quoted.js");
const { complaintsOfStateFile } = require("./state.js");

const STACK = "cdk.tf.json";
const ASSETS = "assets";

/**
 * Terraform and OpenTofu read files of these names by themselves, in HCL and in JSON: such a file adds to the stack, changes
 * it (`…_override.tf.json`), or gives values to its variables.
 */
const READ = /\.(tf|tofu|tfvars)(\.json)?$/;
/** Providers that lie there come before those of the registry. */
const PLUGINS = "terraform.d";

/** What `init` has found that it needs: a state can ask for providers of its own, and Terraform would start them. */
const LOCK = ".terraform.lock.hcl";
const PROVIDERS = ["registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws"];

/**
 * What is wrong with a stack's folder, in a sentence each.
 * @param {string} folder
 * @param {{ isFresh: boolean, stage: string }} options whether it comes straight from the synthesis and holds nothing else
 * (where Terraform has worked it also holds what Terraform and its user have put there), and the stage (empty for none)
 * @returns {string[]}
 */
function complaintsOfFolder(folder, { isFresh, stage }) {
  if (!existsSync(join(folder, STACK))) return [`${STACK} is missing`];
  return readdirSync(folder).flatMap((name) => {
    if (name === ASSETS) return complaintsOfAssets(folder, name);
    const isFile = lstatSync(join(folder, name)).isFile();
    if (name === LOCK && isFile && !isFresh) return complaintsOfLock(readFileSync(join(folder, name), "utf8"));
    if (name === STACK && isFile) {
      const complaints = complaintsOfStack(readFileSync(join(folder, name), "utf8"), stage);
      return complaints.map((complaint) => `${STACK}: ${complaint}`);
    }
    if (!isFresh && !READ.test(name) && name !== PLUGINS) return [];
    return [`${quoted(name)}: nothing of that name comes from the synthesis; remove it`];
  });
}

/** @type {(text: string, stage: string) => string[]} */
function complaintsOfStack(text, stage) {
  const complaints = complaintsOf(text);
  if (complaints.length > 0) return complaints;
  const stack = JSON.parse(text);
  return [...complaintsOfProtection(stack, stage), ...complaintsOfStateFile(stack, stage)];
}

/** @type {(text: string) => string[]} */
function complaintsOfLock(text) {
  const providers = [...text.matchAll(/^\s*provider\s+"([^"]*)"/gm)].map(([, name = ""]) => name);
  return providers
    .filter((name) => !PROVIDERS.includes(name))
    .map((name) => `${LOCK}: has the provider ${quoted(name)}, which the stack does not: is its state another one?`);
}

/** @type {(folder: string, path: string) => string[]} */
function complaintsOfAssets(folder, path) {
  const stat = lstatSync(join(folder, path));
  if (stat.isDirectory()) {
    return readdirSync(join(folder, path)).flatMap((name) => complaintsOfAssets(folder, `${path}/${name}`));
  }
  return stat.isFile() && path.endsWith(".zip") ? [] : [`${quoted(path)}: is not a zip`];
}

module.exports = { complaintsOfFolder, STACK };
