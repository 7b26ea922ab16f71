// What GitHub's workflows run before they ask for credentials: node stack-gate/index.js FOLDER --state-bucket NAME
// The folder comes from a job that ran npm's packages, this file from a branch that people have reviewed.

const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { parseArgs } = require("node:util");
const { complaintsOfFolder, STACK } = require("./folder.js");
const { quoted } = require("./quoted.js");
const { complaintsOfState } = require("./state.js");

const USAGE = `Usage: node stack-gate/index.js FOLDER --state-bucket NAME [--state-key KEY] [--state-region REGION]

Refuses a synthesized stack that does what the stack does with none of its settings, is of another stage than
PROFILE_IMAGE_STAGE says (empty or not set: none), or keeps its state elsewhere than the options say. They are what
stateBackend has in the settings; an empty key or region is one that it leaves out.`;

/**
 * @param {string} folder
 * @param {string} stage
 * @param {import("./state.js").Place} place
 * @returns {string[]}
 */
function complaintsOfArtifact(folder, stage, place) {
  if (place.bucket === "") {
    return ["no bucket for the state is given: set the environment's variable STATE_BUCKET to the one in stateBackend"];
  }
  const complaints = complaintsOfFolder(folder, { isFresh: true, stage });
  if (complaints.length > 0) return complaints;
  const stack = JSON.parse(readFileSync(join(folder, STACK), "utf8"));
  const suffix = stage === "" ? "" : `-${stage}`;
  return [...complaintsOfStage(stack, stage, suffix), ...complaintsOfState(stack, suffix, place)];
}

/** @type {(stack: { resource?: Record<string, Record<string, any>> }, stage: string, suffix: string) => string[]} */
function complaintsOfStage({ resource }, stage, suffix) {
  /** @type {string[]} */
  const names = Object.values(resource?.aws_lambda_function ?? {}).map((lambda) => String(lambda.function_name));
  if (names.length > 0 && names.every((name) => name.replace(/^[A-Za-z]+/, "") === suffix)) return [];
  return [
    `the stack is not of the stage that PROFILE_IMAGE_STAGE says (${stage || "none"}): its functions are ${names.map(quoted).join(", ")}`,
  ];
}

/** @param {string[]} args */
function main(args) {
  const parsed = parse(args);
  if (parsed === undefined) {
    console.error(USAGE);
    return 2;
  }
  const complaints = complaintsOfArtifact(parsed.folder, process.env.PROFILE_IMAGE_STAGE ?? "", parsed.place);
  if (complaints.length === 0) {
    console.log("The stack does nothing but what it may.");
    return 0;
  }
  console.error("The stack is refused before Terraform sees it:");
  for (const complaint of complaints) console.error(`  ${complaint}`);
  return 1;
}

/** @type {(args: string[]) => { folder: string, place: import("./state.js").Place } | undefined} */
function parse(args) {
  const option = { type: /** @type {const} */ ("string") };
  const options = { "state-bucket": option, "state-key": option, "state-region": option };
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [folder, ...others] = positionals;
    const { "state-bucket": bucket, "state-key": key, "state-region": region } = values;
    if (folder === undefined || others.length > 0 || bucket === undefined) return undefined;
    return { folder, place: { bucket, key: key || undefined, region: region || undefined } };
  } catch {
    return undefined;
  }
}

process.exitCode = main(process.argv.slice(2));
