// What GitHub's workflows run before they ask for credentials: node stack-gate/index.js FOLDER
// The folder comes from a job that ran npm's packages, this file from a branch that people have reviewed.

const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { complaintsOfFolder, STACK } = require("./folder.js");

const USAGE = `Usage: node stack-gate/index.js FOLDER

Refuses a synthesized stack that does what the stack does with none of its settings, keeps its state in a file, or is of
another stage than PROFILE_IMAGE_STAGE says (empty or not set: none).`;

/**
 * @param {string} folder
 * @param {string} stage
 * @returns {string[]}
 */
function complaintsOfArtifact(folder, stage) {
  const complaints = complaintsOfFolder(folder, { isFresh: true, stage });
  if (complaints.length > 0) return complaints;
  const { terraform, resource } = JSON.parse(readFileSync(join(folder, STACK), "utf8"));
  const suffix = stage === "" ? "" : `-${stage}`;
  const key = terraform?.backend?.s3?.key;
  if (key === undefined)
    return ["the state is a local file, which ends with this run: set stateBackend to an S3 bucket"];
  /** @type {string[]} */
  const names = Object.values(resource?.aws_lambda_function ?? {}).map((lambda) => String(lambda.function_name));
  const isOfStage = names.length > 0 && names.every((name) => name.replace(/^[A-Za-z]+/, "") === suffix);
  if (isOfStage && String(key).endsWith(`${suffix}.tfstate`)) return [];
  return [
    `the stack is not of the stage that PROFILE_IMAGE_STAGE says (${stage || "none"}): its functions are ${names.join(", ")}, its state is ${key}`,
  ];
}

/** @param {string[]} args */
function main([folder, ...others]) {
  if (folder === undefined || folder.startsWith("-") || others.length > 0) {
    console.error(USAGE);
    return 2;
  }
  const complaints = complaintsOfArtifact(folder, process.env.PROFILE_IMAGE_STAGE ?? "");
  if (complaints.length === 0) {
    console.log("The stack does nothing but what it may.");
    return 0;
  }
  console.error("The stack is refused before Terraform sees it:");
  for (const complaint of complaints) console.error(`  ${complaint}`);
  return 1;
}

process.exitCode = main(process.argv.slice(2));
