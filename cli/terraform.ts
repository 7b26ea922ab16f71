// `npm run plan`, `deploy` and `destroy`: CDKTF's command line with the user's Terraform and AWS credentials. It comes
// through npm at a pinned version when it is wanted: it brings 423 MB, which no other command needs.

import { spawn, spawnSync } from "node:child_process";
import { Command } from "commander";
import { PROJECT_ROOT } from "../stack/project-root";
import { UserError } from "../stack/user-error";

const CDKTF_CLI = "cdktf-cli@0.21.0";

const DESCRIPTIONS = {
  plan: "Show what a deployment to your AWS account would change.",
  deploy: "Deploy the stack to your AWS account.",
  destroy: "Remove the stack from your AWS account.",
};

type Action = keyof typeof DESCRIPTIONS;

/** The command of one of CDKTF's actions; further arguments go to CDKTF as they are. */
export const terraformCommand = (action: Action): Command =>
  new Command(action)
    .description(DESCRIPTIONS[action])
    .argument("[options...]", `options of "cdktf ${action}", such as --auto-approve`)
    .allowUnknownOption()
    .action((options: string[]) => run(action, options));

async function run(action: Action, options: readonly string[]): Promise<void> {
  checkTerraform();
  const npm = process.env.npm_execpath;
  if (npm === undefined) throw new UserError(`run this command through npm: "npm run ${action}"`);
  // npm itself, by Node: the same on every system, whatever the shell.
  const child = spawn(
    process.execPath,
    [npm, "exec", "--yes", `--package=${CDKTF_CLI}`, "--", "cdktf", action, ...options],
    {
      cwd: PROJECT_ROOT,
      stdio: "inherit",
      env: { ...process.env, CHECKPOINT_DISABLE: "1" }, // No telemetry of CDKTF's, no version check of Terraform's.
    },
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new UserError(`cdktf ${action} ended with ${code ?? "a signal"}; what it says above tells why`);
}

/** CDKTF downloads itself for minutes before it notices that Terraform is missing. */
function checkTerraform(): void {
  const name = process.env.TERRAFORM_BINARY_NAME ?? "terraform";
  const { error } = spawnSync(name, ["version"], { stdio: "ignore", env: { ...process.env, CHECKPOINT_DISABLE: "1" } });
  if (error !== undefined) {
    throw new UserError(
      `"${name}" cannot be run (${(error as NodeJS.ErrnoException).code}); install Terraform 1.11 or newer: https://developer.hashicorp.com/terraform/install`,
    );
  }
}
