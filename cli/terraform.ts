// `npm run plan`, `deploy` and `destroy`: the user's Terraform and AWS credentials on the stack as it is synthesized now. What
// is missing is said before that takes its seconds.

import { copyFileSync, existsSync } from "node:fs";
import { constants } from "node:os";
import { join, relative } from "node:path";
import { Command } from "commander";
import { readContext } from "../stack/context";
import { PROJECT_ROOT } from "../stack/project-root";
import { readSettings, type Settings } from "../stack/settings";
import { isDevelopment } from "../stack/stage";
import { UserError } from "../stack/user-error";
import { complaintsOfFolder } from "../stack-gate/folder.js";
import { print } from "./print";
import { synthesizeToDeploy } from "./synthesize";
import { findTerraform, type Terraform } from "./terraform-binary";
import { type RunEnd, runTerraform } from "./terraform-run";
import { ENDPOINT_OPTION, LOCAL_OPTION, type TargetOptions, type TerraformTarget, targetOf } from "./terraform-target";

const DESCRIPTIONS = {
  plan: "Show what a deployment to your AWS account would change.",
  deploy: "Deploy the stack to your AWS account.",
  destroy: "Remove the stack from your AWS account.",
};

type Action = keyof typeof DESCRIPTIONS;

/** In Terraform's words. Only a plan asks nothing; whether to go on is asked by the others. */
const COMMANDS: Readonly<Record<Action, readonly [string, ...string[]]>> = {
  plan: ["plan", "-input=false"],
  deploy: ["apply"],
  destroy: ["destroy"],
};

/** What `terraform plan -detailed-exitcode` ends with when there is something to change. */
const CHANGES = 2;

const LOCK = ".terraform.lock.hcl";

/** The command of one action; further arguments go to Terraform as they are. */
export const terraformCommand = (action: Action): Command =>
  new Command(action)
    .description(DESCRIPTIONS[action])
    .argument(
      "[options...]",
      `options of "terraform ${COMMANDS[action][0]}", such as ${exampleOf(action)}; paths are seen from the stack's folder`,
    )
    .option("--stage <name>", 'the stage to work on (default: "stage" in cdktf.json)')
    .addOption(ENDPOINT_OPTION)
    .addOption(LOCAL_OPTION)
    .allowUnknownOption()
    .action((options: string[], { stage, ...target }: TargetOptions & { stage?: string }) =>
      run(action, options, stage, targetOf(target)),
    );

const exampleOf = (action: Action): string => (action === "plan" ? "-out=FILE" : "-auto-approve");

async function run(
  action: Action,
  options: readonly string[],
  stage: string | undefined,
  target: TerraformTarget,
): Promise<void> {
  const changed = { ...(stage !== undefined && { PROFILE_IMAGE_STAGE: stage }), ...target.synthesis };
  const { resizer } = readSettings(readContext(PROJECT_ROOT, { ...process.env, ...changed }));
  if (resizer === "tinypng" && target.endpoint === undefined) checkKey(action);
  checkWorkspace();
  const terraform = findTerraform();
  const { directory, settings } = await synthesizeToDeploy(changed);
  // The account is known to Terraform alone, which asks before it changes anything.
  const where = target.endpoint === undefined ? "AWS" : `the embedded AWS at ${target.endpoint}`;
  print(`${where}, ${settings.region}, stage ${settings.stage ?? "none"}`, process.stderr);
  checkStack(directory, settings);
  const [command] = COMMANDS[action];
  const initialize = [...initOf(terraform, directory), ...target.init];
  const init = await runTerraform(terraform.binary, initialize, directory, target.terraform);
  if (init.code !== 0 || init.stoppedBy !== undefined) throw failureOf(terraform, "init", init);
  // Again: only now it is known what providers the state asks for.
  checkStack(directory, settings);
  const end = await runTerraform(terraform.binary, [...COMMANDS[action], ...options], directory, target.terraform);
  if (end.code === 0) return;
  if (end.code === CHANGES && action === "plan") {
    process.exitCode = CHANGES;
    return;
  }
  const hint = isProtected(settings) && end.stoppedBy === undefined ? ABOUT_PROTECTION : "";
  throw failureOf(terraform, command, end, hint);
}

const ABOUT_PROTECTION =
  ' (if it is "Instance cannot be destroyed": docs/changing-settings.md says why and what to do, under that name)';

const isProtected = ({ stage }: Settings): boolean => !isDevelopment(stage);

/** A workspace has a state of its own, and a stage is what is meant. */
function checkWorkspace(): void {
  const { TF_WORKSPACE: workspace = "" } = process.env;
  if (workspace === "" || workspace === "default") return;
  throw new UserError(
    `the variable TF_WORKSPACE is set (given "${workspace}"): in another workspace Terraform would plan to create everything again; unset it, and use --stage`,
  );
}

/** Terraform asks for it too, but only after its providers are there, and a blank one it refuses then. */
function checkKey(action: Action): void {
  if ((process.env.TF_VAR_tinypng_key ?? "").trim() !== "") return;
  const what =
    action === "deploy"
      ? "your API key of TinyPNG (https://tinypng.com/developers)"
      : `any value: Terraform wants one, and to ${action} it uses none`;
  throw new UserError(`the variable TF_VAR_tinypng_key is not set or empty; set it to ${what}`);
}

function checkStack(directory: string, { stage = "" }: Settings): void {
  const complaints = complaintsOfFolder(directory, { isFresh: false, stage });
  if (complaints.length === 0) return;
  throw new UserError(
    `the stack in ${relative(process.cwd(), directory)} has what none of its settings makes, so Terraform is not run on it (stack-gate/known.json is the list):\n  ${complaints.join("\n  ")}`,
  );
}

/** The provider is what the project's hashes say; those of OpenTofu's registry are others, and stay in the stack's folder. */
function initOf({ product }: Terraform, directory: string): string[] {
  const lock = join(PROJECT_ROOT, LOCK);
  if (product !== "Terraform" || !existsSync(lock)) return ["init", "-input=false"];
  copyFileSync(lock, join(directory, LOCK));
  return ["init", "-input=false", "-lockfile=readonly"];
}

/** The exit code is the shell's when the user has stopped it: 130 for Ctrl-C. */
function failureOf({ binary }: Terraform, command: string, { code, signal, stoppedBy }: RunEnd, hint = ""): UserError {
  if (stoppedBy !== undefined && stoppedBy !== "the end of npm") {
    process.exitCode = 128 + constants.signals[stoppedBy];
  }
  const after = stoppedBy === undefined ? "" : ` after ${stoppedBy}`;
  return new UserError(`${binary} ${command} ended with ${code ?? signal}${after}; see above for why${hint}`);
}
