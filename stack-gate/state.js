// Where a stack keeps its state: where the environment says, and under the stage's own key. Another stage's state would have
// Terraform destroy what is in it, and a bucket of somebody else's would give it away.

const { isDeepStrictEqual } = require("node:util");
const { quoted } = require("./quoted.js");

const KEY = "profile-image.tfstate";

/**
 * @typedef {object} Place as the setting stateBackend has it
 * @property {string} bucket
 * @property {string} [key] without the stage
 * @property {string} [region]
 */

/**
 * What is wrong with where a checked stack keeps its state, in a sentence each.
 * @param {{ terraform?: { backend?: { s3?: Record<string, unknown> } }, provider?: { aws: { region?: string }[] } }} stack
 * @param {string} suffix of the stage: `-<stage>`, or nothing
 * @param {Place} place
 * @returns {string[]}
 */
function complaintsOfState({ terraform, provider }, suffix, { bucket, key = KEY, region }) {
  const state = terraform?.backend?.s3;
  if (state === undefined) {
    return ["the state is a local file, which ends with this run: set stateBackend to an S3 bucket"];
  }
  const expected = {
    bucket,
    key: key.replace(/\.tfstate$/, `${suffix}.tfstate`),
    region: region ?? provider?.aws[0]?.region,
    encrypt: true,
    use_lockfile: true,
  };
  return Object.entries(expected)
    .filter(([name, value]) => !isDeepStrictEqual(state[name], value))
    .map(([name, value]) => `the state's ${name} must be ${quoted(value)} (it is ${quoted(state[name])})`);
}

/**
 * What is wrong with the state file of a checked stack, if it has one: it must be its stage's.
 * @param {{ terraform?: { backend?: { local?: { path: string } } } }} stack
 * @param {string} stage empty for none
 * @returns {string[]}
 */
function complaintsOfStateFile({ terraform }, stage) {
  const path = terraform?.backend?.local?.path;
  const name = `terraform.profile-image${stage === "" ? "" : `-${stage}`}.tfstate`;
  if (path === undefined || path.split("/").at(-1) === name) return [];
  return [`the state must be in ${quoted(name)}, as of its stage (it is in ${quoted(path)})`];
}

module.exports = { complaintsOfState, complaintsOfStateFile };
